from django.urls import URLPattern, URLResolver, path

from beffroi.funding.views import agreements, amounts, operations, printed

app_name = "funding"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", operations.operations, name="operations"),
    path("montants", amounts.amounts, name="amounts"),
    path("totaux", printed.printed, name="printed"),
    path("conventions/", agreements.agreements, name="agreements"),
    path("conventions/nouvelle", agreements.add_agreement, name="add_agreement"),
    path("conventions/<int:pk>", agreements.agreement, name="agreement"),
    path("conventions/<int:pk>/modifier", agreements.change_agreement, name="change_agreement"),
    path("conventions/<int:pk>/<slug:part>/ajouter", agreements.save_part, name="add_part"),
    path("conventions/<int:pk>/<slug:part>/<int:row>", agreements.save_part, name="change_part"),
    path("conventions/<int:pk>/<slug:part>/<int:row>/retirer", agreements.remove_part, name="remove_part"),
    path("conventions/<int:pk>/echeances/<int:row>/payer", agreements.pay, name="pay"),
    path("conventions/<int:pk>/documents/<int:row>/recevoir", agreements.receive, name="receive"),
]

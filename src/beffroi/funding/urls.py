from django.urls import URLPattern, URLResolver, path

from beffroi.funding.views import agreements, amounts, envelopes, operations, plans, printed, sandboxes, systems

app_name = "funding"
PROGRAMME = "programmes/<slug:code>/"
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
    path(f"{PROGRAMME}enveloppes/nouvelle", envelopes.add_envelope, name="add_envelope"),
    path("enveloppes/<int:pk>", envelopes.envelope, name="envelope"),
    path("enveloppes/<int:pk>/retirer", envelopes.remove_envelope, name="remove_envelope"),
    path(f"{PROGRAMME}tranches/nouvelle", envelopes.add_tranche, name="add_tranche"),
    path("tranches/<int:pk>", envelopes.tranche, name="tranche"),
    path("tranches/<int:pk>/retirer", envelopes.remove_tranche, name="remove_tranche"),
    path(f"{PROGRAMME}maquette", plans.plan, name="plan"),
    path(f"{PROGRAMME}maquette/nouvelle", plans.add_version, name="add_version"),
    path("maquettes/<int:pk>", plans.version, name="version"),
    path("maquettes/<int:pk>/en-vigueur", plans.adopt, name="adopt_version"),
    path("maquettes/<int:pk>/retirer", plans.withdraw, name="withdraw_version"),
    path("maquettes/<int:pk>/montants/nouveau", plans.add_cell, name="add_cell"),
    path("maquettes/<int:pk>/bac-a-sable", sandboxes.open_sandbox, name="open_sandbox"),
    path("maquettes/montants/<int:pk>", plans.cell, name="cell"),
    path("maquettes/montants/<int:pk>/retirer", plans.remove_cell, name="remove_cell"),
    path("bacs-a-sable/<int:pk>", sandboxes.sandbox, name="sandbox"),
    path("bacs-a-sable/<int:pk>/proposer", sandboxes.propose, name="propose_amendment"),
    path("bacs-a-sable/<int:pk>/refermer", sandboxes.close_sandbox, name="close_sandbox"),
    path("bacs-a-sable/mouvements/<int:pk>/annuler", sandboxes.undo_move, name="undo_move"),
    path(f"{PROGRAMME}systemes", systems.systems, name="systems"),
    path(f"{PROGRAMME}systemes/<slug:source>", systems.system, name="system"),
]

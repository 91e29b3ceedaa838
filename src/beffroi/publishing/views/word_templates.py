from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from beffroi.accounts.enums import Permission
from beffroi.accounts.roles import SignedInRequest, requires
from beffroi.publishing import actions
from beffroi.publishing.forms import TemplateForm
from beffroi.publishing.reports import word
from beffroi.publishing.views.reports import file_answer


@requires(Permission.FREEZE_REPORT)
def template(request: SignedInRequest) -> HttpResponse:
    """The Word template: downloaded, changed with Word, sent back, or the one that came with Beffroi again."""
    if "download" in request.GET:
        return file_answer(word.template_bytes(), extension="docx", name="modele-rapport")
    form = TemplateForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and "restore" in request.POST:
        actions.restore_template(by=request.user)
        messages.success(request, _("Le modèle d’origine est remis."))
        return redirect("publishing:word_template")
    if request.method == "POST" and form.is_valid():
        try:
            actions.replace_template(form.cleaned_data["file"].read(), by=request.user)
        except word.WrongTemplate as refusal:
            form.add_error("file", str(refusal))
        else:
            messages.success(request, _("Le modèle est remplacé : les prochains documents Word le suivront."))
            return redirect("publishing:word_template")
    return render(request, "publishing/word_template.html", {"form": form, "is_own": word.is_replaced()})

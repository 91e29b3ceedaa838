"""A profile being described: a form, one row for each column, a sample; three buttons lead from one to the next."""

from typing import Any

from django.utils.translation import gettext as _

from beffroi.accounts.models import User
from beffroi.connectors.files import UnreadableFile
from beffroi.connectors.profile import WrongProfile, load_profile
from beffroi.connectors.proposals import adapted, mistyped, proposed_headers
from beffroi.provenance import actions
from beffroi.provenance.forms.profiles import ColumnFormSet, ProfileForm, as_text, initial_of
from beffroi.provenance.models import Profile
from beffroi.provenance.queries import profiles as questions

CHANGED = ("label", "description", "unknown_columns", "header_row")


class Editing:
    """What the page of a profile being described holds from one button to the next."""

    def __init__(self, given: Any, files: Any, *, origin: Profile, user: User, is_new: bool) -> None:
        self.user, self.origin, self.is_new = user, origin, is_new
        self.reading = load_profile(origin.definition)
        self.targets = questions.target_columns(origin.target)
        self.trial: questions.Trial | None = None
        self.headers: list[str] = []
        self.proposed: dict[str, str] = {}
        self.sample = ""
        self.form = ProfileForm(given, files, initial=self._initial())
        self.columns = self._column_set(given)

    def _initial(self) -> dict[str, Any]:
        reading = self.reading
        label = _("%(label)s (autre mise en page)") % {"label": reading.label} if self.is_new else reading.label
        return {**{name: getattr(reading, name) for name in CHANGED}, "label": label, "constants": as_text(reading.constants)}

    def _column_set(self, given: Any = None, rows: list[dict[str, Any]] | None = None) -> Any:
        if rows is None:
            present = {column.to: column for column in self.reading.columns}
            absent = [
                {**initial_of(column), "name": "", "aliases": ""} for to, column in self.targets.items() if to not in present
            ]
            rows = [initial_of(column) for column in present.values()] + absent
        return ColumnFormSet(given, initial=rows, prefix="columns", form_kwargs={"targets": {**self.targets, **self._own()}})

    def _own(self) -> dict[str, Any]:
        return {column.to: column for column in self.reading.columns}

    def is_valid(self) -> bool:
        """The sample is kept as soon as it is readable, so that it need not be sent again with each button."""
        is_sound = self.form.is_valid()
        if is_sound:
            upload = self.form.cleaned_data["sample"]
            self.sample = actions.keep_sample(upload, by=self.user) if upload else self.form.cleaned_data["kept_sample"]
        return self.columns.is_valid() and is_sound

    @property
    def has_errors(self) -> bool:
        return bool(self.form.errors or any(self.columns.errors) or self.columns.non_form_errors())

    def definition(self) -> dict[str, Any]:
        answers = self.form.cleaned_data
        columns = [column for form in self.columns if (column := form.column())]
        changes = {name: answers[name] for name in CHANGED}
        code = actions.free_profile_code(answers["label"]) if self.is_new else self.origin.code
        return adapted(self.reading, columns=columns, constants=answers["constants"], code=code, **changes)

    def propose(self) -> None:
        """The headers of the sample beside the fields they look like: proposals, which the person keeps or changes."""
        path = actions.sample_path(self.sample, by=self.user)
        if path is None:
            self.form.add_error("sample", _("Choisissez d’abord un fichier d’essai."))
            return
        try:
            self.headers = questions.headers_of(self.form.cleaned_data, path)
        except UnreadableFile as error:
            self.form.add_error("sample", str(error))
            return
        self.proposed = proposed_headers([*{**self.targets, **self._own()}.values()], self.headers)
        rows = [
            {**form.cleaned_data, "choices": as_text(form.cleaned_data["choices"])}
            for form in self.columns
            if form.cleaned_data.get("to")
        ]
        self.columns = self._column_set(rows=[{**row, "name": self.proposed.get(row["to"], "")} for row in rows])

    def tries(self) -> bool:
        """Whether the profile is coherent; with a sample, also what it makes of it."""
        path = actions.sample_path(self.sample, by=self.user)
        try:
            definition = self.definition()
            if wrong := mistyped(load_profile(definition), {**self.targets, **self._own()}):
                raise WrongProfile(_("Ces champs attendent un autre type : %(fields)s.") % {"fields": ", ".join(wrong)})
            self.trial = questions.tried(definition, path) if path else None
        except WrongProfile as error:
            self.form.add_error(None, str(error))
            return False
        return True

    def save(self) -> Profile:
        if self.is_new:
            return actions.clone_profile(self.origin, definition=self.definition(), by=self.user)
        return actions.change_profile(self.origin, definition=self.definition(), by=self.user)

    @property
    def context(self) -> dict[str, Any]:
        unused = [header for header in self.headers if header not in self.proposed.values()]
        return {
            "form": self.form, "columns": self.columns, "profile": self.origin, "is_new": self.is_new, "trial": self.trial,
            "sample": self.sample, "headers": self.headers, "unused": unused, "proposed": self.proposed,
        }  # fmt: skip

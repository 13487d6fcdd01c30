"""What is typed of a graded statement: its levels, and what each side says of it."""

from __future__ import annotations

from collections.abc import Iterable

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from jalon.domain.objectives.graded import LEVELS, LOWEST_TARGET

LONGEST = 500
REQUIRED = {"required": _("This field is needed.")}


class AssessmentForm(forms.Form):
    """One side's word."""

    side = forms.ChoiceField(choices=(("owner", ""), ("manager", "")))
    level = forms.IntegerField(
        min_value=1, max_value=LEVELS, error_messages={"required": _("Choose a level.")}
    )
    evidence = forms.CharField(max_length=LONGEST, required=False)


class StatementForm(forms.Form):
    """A new graded statement: whose, what, until when, its levels, the one aimed at."""

    owner = forms.CharField(error_messages=REQUIRED)
    statement = forms.CharField(max_length=LONGEST, error_messages=REQUIRED)
    first = forms.DateField(error_messages=REQUIRED)
    last = forms.DateField(error_messages=REQUIRED)
    target = forms.IntegerField(min_value=LOWEST_TARGET, max_value=LEVELS)
    level1 = forms.CharField(max_length=LONGEST, error_messages=REQUIRED)
    level2 = forms.CharField(max_length=LONGEST, error_messages=REQUIRED)
    level3 = forms.CharField(max_length=LONGEST, error_messages=REQUIRED)
    level4 = forms.CharField(max_length=LONGEST, error_messages=REQUIRED)
    reason = forms.CharField(max_length=LONGEST, required=False)

    def __init__(
        self, data: QueryDict | None, *, owners: Iterable[tuple[str, str]] = ()
    ) -> None:
        """Read what was posted, for one of `owners`."""
        super().__init__(data)
        self._owners = {key for key, _name in owners}

    def clean_owner(self) -> str:
        """Return the owner, one of those the reader may write for."""
        owner = str(self.cleaned_data["owner"])
        if owner not in self._owners:
            raise forms.ValidationError(_("Choose somebody of the list."))
        return owner

    def clean(self) -> None:
        """Refuse an end that does not follow the beginning."""
        first, last = self.cleaned_data.get("first"), self.cleaned_data.get("last")
        if first and last and last <= first:
            self.add_error("last", _("The end comes after the beginning."))

    @property
    def levels(self) -> tuple[str, ...]:
        """Return the four levels of a valid form."""
        return tuple(self.cleaned_data[f"level{n}"] for n in range(1, LEVELS + 1))

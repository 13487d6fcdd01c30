"""What the forms of a plan say: an action, a line of it, what it gave."""

from __future__ import annotations

from collections.abc import Iterable

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from jalon.domain.objectives.objective import Action

LONGEST = 500


class ActionForm(forms.Form):
    """One action: what, who, until when, which lever, which effect expected."""

    action = forms.CharField(
        max_length=LONGEST,
        error_messages={
            "required": _("Say what will be done, e.g. call the ten proposals back.")
        },
    )
    owner = forms.CharField(max_length=200, required=False)
    due = forms.DateField(
        required=False,
        error_messages={"invalid": _("Expected a date, e.g. 2026-06-30.")},
    )
    lever = forms.CharField(max_length=LONGEST, required=False)
    effect = forms.CharField(max_length=LONGEST, required=False)

    def __init__(
        self, data: QueryDict, *, people: Iterable[tuple[str, str]] = ()
    ) -> None:
        """Read what was posted; an action goes to one of `people` or to nobody."""
        super().__init__(data)
        self._people = {key for key, _name in people}

    def clean_owner(self) -> str:
        """Return the owner, one of the people an action may be given to."""
        owner = str(self.cleaned_data["owner"])
        if owner and owner not in self._people:
            raise forms.ValidationError(_("Choose somebody of the list."))
        return owner

    @property
    def told(self) -> Action:
        """Return the action of a valid form."""
        return Action(**self.cleaned_data)


class LineForm(forms.Form):
    """Which line is meant: its place, and the text its reader saw."""

    rank = forms.IntegerField(min_value=0)
    known = forms.CharField(strip=False)
    result = forms.CharField(max_length=LONGEST, required=False)

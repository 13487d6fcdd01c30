"""What is typed of a point."""

from __future__ import annotations

from django import forms

from jalon.domain.feedback.checkins import HIGHEST, LONGEST, LOWEST, Answers, Kind


class PointForm(forms.Form):
    """Three questions at most, and a line for oneself."""

    confidence = forms.TypedChoiceField(
        choices=[(str(one), "") for one in range(LOWEST, HIGHEST + 1)],
        coerce=int,
        empty_value=None,
        required=False,
    )
    blocks = forms.CharField(max_length=LONGEST, required=False)
    field = forms.CharField(max_length=LONGEST, required=False)
    kind = forms.ChoiceField(
        choices=[("", ""), *((one.value, "") for one in Kind)], required=False
    )
    about = forms.CharField(max_length=220, required=False)
    private = forms.CharField(max_length=LONGEST, required=False)

    @property
    def answers(self) -> Answers:
        """Return what a valid form says."""
        said = self.cleaned_data
        return Answers(
            confidence=said["confidence"],
            blocks=said["blocks"],
            field=said["field"],
            kind=Kind(said["kind"]) if said["kind"] else None,
            about=said["about"],
            private=said["private"],
        )

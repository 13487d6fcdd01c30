"""The log-in form: an e-mail and a password."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.forms import AuthenticationForm
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from jalon.web.session.limit import count_failure, forget, is_blocked


class LoginForm(AuthenticationForm):
    """Django's form, which counts failures and says what to do next."""

    def clean(self) -> dict[str, Any]:
        """Check the pair, unless it was tried too often.

        Raises:
            ValidationError: If the pair is wrong, or must wait.
        """
        email = str(self.cleaned_data.get("username", ""))
        if self.request is None or is_blocked(self.request, email):
            raise ValidationError(
                _("Too many tries. Wait five minutes, then try again."), code="wait"
            )
        try:
            cleaned = super().clean()
        except ValidationError as error:
            count_failure(self.request, email)
            raise ValidationError(
                _("This e-mail and this password do not go together."), code="pair"
            ) from error
        forget(self.request, email)
        return dict(cleaned or {})

"""Secrets and subscriptions: names that are held after a deletion, mail addresses that nobody has confirmed."""

from __future__ import annotations

from typing import Any

from ..decode import Call
from .register import Look, refuse, rule


@rule("secretsmanager", "CreateSecret")
def a_deleted_secret_holds_its_name(call: Call, look: Look) -> None:
    """Until its recovery window has passed; moto says that the secret exists."""
    for secret in look("secretsmanager", "ListSecrets", "SecretList", IncludePlannedDeletion=True):
        if secret["Name"] == call.parameters["Name"] and secret.get("DeletedDate"):
            refuse(
                "InvalidRequestException",
                "You can't create this secret because a secret with this name is already scheduled for deletion.",
            )


def unconfirmed(call: Call, result: dict[str, Any]) -> None:
    """Shows mail subscriptions as AWS does until somebody has followed the link in the mail: nobody ever has, here."""
    if call.service != "sns":
        return
    if call.name == "Subscribe" and call.parameters.get("Protocol") in ("email", "email-json"):
        if not call.parameters.get("ReturnSubscriptionArn"):
            result["SubscriptionArn"] = "pending confirmation"
    for row in result.get("Subscriptions") or []:
        if row.get("Protocol") in ("email", "email-json"):
            row["SubscriptionArn"] = "PendingConfirmation"

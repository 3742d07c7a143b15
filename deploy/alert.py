"""Has the Prefect server post to an address when a run is unusual or fails again and again.

    PREFECT_API_URL=http://127.0.0.1:4200/api python deploy/alert.py https://chat.example.org/hooks/dateline

The address gets a JSON object with `event`, `outputs` and `message`. Mail works alike, with an email block and the
action `SendNotification` in place of `CallWebhook`. Running it again replaces what was set before.
"""

from __future__ import annotations

import sys

from prefect.automations import Automation
from prefect.blocks.webhook import Webhook
from prefect.client.orchestration import get_client
from prefect.events.actions import CallWebhook
from prefect.events.schemas.automations import EventTrigger, Posture

NAME = "dateline-alert"
EVENTS = {"dateline.run.unusual", "dateline.run.failing"}
PAYLOAD = """{
  "event": {{ event.event | tojson }},
  "outputs": {{ event.resource.name | tojson }},
  "message": {{ event.payload.message | tojson }}
}"""


def set_alert(address: str) -> None:
    """Makes the webhook and the automation that calls it."""
    block = Webhook(url=address).save(NAME, overwrite=True)
    with get_client(sync_client=True) as client:
        for old in client.read_automations_by_name(NAME):
            client.delete_automation(old.id)
    Automation(
        name=NAME,
        description="Posts the runs of Dateline that differ from the last ones.",
        trigger=EventTrigger(expect=EVENTS, posture=Posture.Reactive, threshold=1),
        actions=[CallWebhook(block_document_id=block, payload=PAYLOAD)],
    ).create()


if __name__ == "__main__":
    set_alert(sys.argv[1])

"""Has the Prefect server post to an address when a run is unusual or fails again and again."""

from __future__ import annotations

from prefect.automations import Automation
from prefect.blocks.webhook import Webhook
from prefect.client.orchestration import get_client
from prefect.events.actions import CallWebhook
from prefect.events.schemas.automations import EventTrigger, Posture
from prefect.settings import get_current_settings

from flows.artifacts import FAILING, UNUSUAL
from flows.server import check_api
from tasks.contracts.errors import Fault, UsageFault

NAME = "dateline-alert"
PAYLOAD = """{
  "event": {{ event.event | tojson }},
  "outputs": {{ event.resource.name | tojson }},
  "message": {{ event.payload.message | tojson }}
}"""


def set_alert(address: str) -> None:
    """Makes the webhook and the automation that calls it, in place of those that were set before.

    The address gets a JSON object with `event`, `outputs` and `message`. Raises UsageFault for what is no web address,
    Fault where no server is set up or answers.
    """
    if not address.startswith(("http://", "https://")):
        raise UsageFault(f"{address}: no web address; write it as https://chat.example.org/hooks/dateline")
    if not get_current_settings().api.url:
        raise Fault(
            "PREFECT_API_URL is not set: name the server that is to post, as `dateline up` prints it, with /api"
        )
    check_api()
    block = Webhook(url=address).save(NAME, overwrite=True)
    with get_client(sync_client=True) as client:
        for old in client.read_automations_by_name(NAME):
            client.delete_automation(old.id)
    Automation(
        name=NAME,
        description="Posts the runs of Dateline that differ from the last ones.",
        trigger=EventTrigger(expect={UNUSUAL, FAILING}, posture=Posture.Reactive, threshold=1),
        actions=[CallWebhook(block_document_id=block, payload=PAYLOAD)],
    ).create()

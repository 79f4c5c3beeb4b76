"""``muster replay``: the same run again, up to the same plan."""

import typer

from api.cli.loading import asked, load_answer
from api.cli.options import Json, Lang, OutFile, PlanFile, RequestFile
from api.cli.progress import watched
from api.cli.talk import OWN_FAULT, errors_told, say, tell
from api.output import timeless, to_json, write
from api.solving import Task
from models.faults import Fault
from models.messages import message
from models.text import Text
from optimizer.errors import InputError


def replay(
    request_file: RequestFile,
    plan_file: PlanFile,
    *,
    out: OutFile = None,
    json_only: Json = False,
    lang: Lang = "en",
) -> None:
    """Run an answer's search again to the plan it ended with; exit code 1 if another comes out."""
    with errors_told(lang):
        settings, request = asked(request_file, out)
        before = load_answer(plan_file, settings, request)
        if before.run.record is None:
            raise InputError((Fault(path="run.record", need=Text(code="need.record")),))
        after = watched(Task(request, settings.store, record=before.run.record), lang)
        if out is not None:
            write(out, to_json(after))
        if json_only:
            say(to_json(after))
        same = timeless(before.plan) == timeless(after.plan)
        tell(message("cli.same_plan" if same else "cli.other_plan", lang))
        if not same:
            raise typer.Exit(OWN_FAULT)

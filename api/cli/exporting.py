"""``muster export``: the program of each level, for audit by any solver."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer

from api.cli.loading import asked, load_answer
from api.cli.options import Lang, RequestFile
from api.cli.progress import watched
from api.cli.talk import errors_told, say
from api.problems import AnyAnswer, about_fire_stations
from api.solving import Task
from models.faults import Fault
from models.fire_stations import FireStationRequest
from models.text import Text
from optimizer import Extras
from optimizer.errors import InputError
from optimizer.fire_stations.export import Format
from optimizer.fire_stations.export import export as export_levels
from optimizer.fire_stations.formulation import Formulation
from optimizer.fire_stations.instance import Instance
from optimizer.record import request_sha256

AsFormat = Annotated[Format, typer.Option("--format", help="The format of the files.")]
Folder = Annotated[Path, typer.Option("--out", "-o", help="The folder to write to.")]
AnswerFile = Annotated[
    Path | None,
    typer.Option("--plan", help="The answer whose levels to write; else the request is solved."),
]


def export(
    request_file: RequestFile,
    *,
    as_format: AsFormat = "mps",
    folder: Folder = Path(),
    plan_file: AnswerFile = None,
    lang: Lang = "en",
) -> None:
    """Write one file a level, each holding the levels before it at what they reached."""
    with errors_told(lang):
        settings, question = asked(request_file, folder / request_file.name)
        request = about_fire_stations(question)
        if plan_file is None:
            task = Task(request, settings.store, extras=Extras(explain=False))
            answer = watched(task, lang)
        else:
            answer = load_answer(plan_file, settings, request)
            check_same_request(request, answer)
        formulation = Formulation(Instance.from_request(request, settings.store))
        folder.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=folder) as scratch:
            for path in export_levels(
                formulation,
                answer.run.levels,
                Path(scratch),
                stem=request_file.stem,
                form=as_format,
            ):
                say(str(path.replace(folder / path.name)))


def check_same_request(request: FireStationRequest, answer: AnyAnswer) -> None:
    """Raise unless ``answer`` is one to ``request``."""
    record = answer.run.record
    if record is None or record.request_sha256 != request_sha256(request):
        raise InputError((Fault(path="run.record", need=Text(code="need.own_answer")),))

"""Reading what comes in: bytes -> JSON -> model, with one error that lists every fault."""

from api.requests.documents import Document as Document
from api.requests.documents import parse as parse
from api.requests.files import read_file as read_file
from api.requests.models import problem_named as problem_named
from api.requests.models import read_answer as read_answer
from api.requests.models import read_echo as read_echo
from api.requests.models import read_model as read_model
from api.requests.models import read_plan as read_plan
from api.requests.models import read_request as read_request

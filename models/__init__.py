"""Everything that crosses the edge of the program: requests, answers, faults."""

from models.answer import Answer as Answer
from models.answer import Check as Check
from models.answer import Verification as Verification
from models.faults import Fault as Fault
from models.fire_stations import FireStationAnswer as FireStationAnswer
from models.fire_stations import FireStationExplanation as FireStationExplanation
from models.fire_stations import FireStationPlan as FireStationPlan
from models.fire_stations import FireStationRequest as FireStationRequest
from models.run import Incumbent as Incumbent
from models.run import RunLimits as RunLimits
from models.run import RunReport as RunReport
from models.run import Status as Status
from models.run import StopReason as StopReason
from models.text import Label as Label
from models.text import Text as Text

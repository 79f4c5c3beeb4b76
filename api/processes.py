"""The processes that can be executed, by the words of OGC API - Processes: one table."""

from collections.abc import Mapping

from api.offering import EVALUATING, Input, Process, evaluating, replaying, solving
from api.payloads import Payload
from api.problems import PROBLEMS, problem_of
from api.requests import Document, parse, read_echo
from api.requests.parts import Reader
from api.settings import Settings
from api.solving import Echo, Task, Work
from models.echo import LONGEST_PAUSE_S
from models.text import Label

_ORDERS = {
    "orders": [
        {"team_id": "west", "incident_id": "car"},
        {"team_id": "east", "incident_id": "car"},
    ]
}

PROCESSES: Mapping[str, Process] = {
    one.id: one
    for one in (
        solving(
            "site-fire-stations",
            "fire_stations",
            Label(en="Site fire stations", zh="消防站选址"),
            Label(
                en="Where new stations go, which idle ones are commissioned, and what that "
                "achieves: proven, checked and explained.",
                zh="新建消防站的位置、闲置站的启用及其成效：经证明、校验并附说明。",
            ),
            "minimal",
        ),
        solving(
            "site-shelters",
            "shelters",
            Label(en="Site shelters", zh="应急避难场所选址"),
            Label(
                en="Which places become shelters, who walks where in every scenario, and who is "
                "left without a place, by name and reason.",
                zh="哪些场所作为避难场所、各情景下人员去向，以及无处安置者的名单与原因。",
            ),
            "minimal-shelters",
        ),
        solving(
            "site-facilities",
            "facilities",
            Label(en="Site facilities", zh="设施选址"),
            Label(
                en="Weighted points, sites with cost and capacity, a number or a budget: cover "
                "most, cover all, shorten the ways or the longest of them; proven and explained.",
                zh="给定带权需求点、场所的费用与容量、数量或预算：覆盖最多、全部覆盖、"
                "缩短总路程或最远路程；经证明并附说明。",
            ),
            "minimal-facilities",
        ),
        solving(
            "place-stockpiles",
            "stockpiles",
            Label(en="Place stockpiles", zh="应急物资储备布局"),
            Label(
                en="Which tier holds what and how much, so that people get help in time whatever "
                "happens; judged in scenarios the plan has not seen.",
                zh="各层级储备何物、多少，使受灾群众无论何种情景均能及时得到救助；以未见情景检验。",
            ),
            "minimal-stockpiles",
        ),
        solving(
            "send-supplies",
            "stockpile_day",
            Label(en="Send supplies", zh="当日物资调运"),
            Label(
                en="The day itself: how much of what goes from where to where, in which band of "
                "time, what is missing and why, and the request to team dispatch for the vehicles.",
                zh="灾害当日：何物多少从何处运往何处、在哪个时段，缺口及原因，并生成车辆的力量调派请求。",
            ),
            "minimal-stock-day",
        ),
        solving(
            "plan-rotation",
            "stock_rotation",
            Label(en="Plan stock rotation", zh="应急物资轮换"),
            Label(
                en="What to issue, send on, sell, replace and buy over years, first expired first "
                "out, under yearly budgets; what expires all the same, and why.",
                zh="在年度预算内按先到期先出安排多年的出库、调拨、处置、更新与采购，并说明仍会过期的物资及原因。",
            ),
            "minimal-rotation",
        ),
        solving(
            "dispatch-teams",
            "dispatch_teams",
            Label(en="Dispatch teams", zh="力量调派"),
            Label(
                en="Which teams go to which incidents now, with a reason for every need that "
                "stays open.",
                zh="哪些队伍立即前往哪些灾情，并说明每项未满足需求的原因。",
            ),
            "minimal-dispatch",
        ),
        solving(
            "plan-disaster-phase",
            "dispatch_phase",
            Label(en="Plan a disaster phase", zh="灾害处置阶段排程"),
            Label(
                en="Rounds of teams from incident to incident over hours, the severest done "
                "soonest, with a proven bound and a reason for what stays undone.",
                zh="各队伍在数小时内依次处置多起灾情，严重者优先完成，给出已证明的界及未处置原因。",
            ),
            "minimal-phase",
        ),
        solving(
            "plan-readiness",
            "dispatch_readiness",
            Label(en="Plan readiness", zh="备勤与移防"),
            Label(
                en="The cover that ready teams leave for the calls to come, what each is worth, "
                "and which of them should move up.",
                zh="在备队伍对后续警情的覆盖、各队贡献，以及哪些队伍应移防。",
            ),
            "minimal-readiness",
        ),
        solving(
            "open-shelters",
            "shelter_opening",
            Label(en="Open shelters", zh="启用避难场所"),
            Label(
                en="The day itself, with heads counted, sites full, roads cut: what opens next, "
                "and where everybody goes.",
                zh="灾害当日：已清点人数、已满场所与中断道路；下一处启用哪里、人员去往何处。",
            ),
            "minimal-opening",
        ),
        solving(
            "pre-position",
            "dispatch_positioning",
            Label(en="Pre-position teams", zh="力量预置"),
            Label(
                en="Where ready teams wait for what a warning announces, so that most severity is "
                "expected to be served over its scenarios.",
                zh="根据预警的多种情景，待命队伍应在何处预置，使期望处置的严重度最高。",
            ),
            "minimal-positioning",
        ),
        EVALUATING,
        evaluating(
            "evaluate-orders",
            "dispatch_teams",
            Label(en="Evaluate orders", zh="评估调派指令"),
            Label(
                en="A dispatcher's own orders: their figures, rule by rule, their distance from "
                "the best, and which orders the best would change.",
                zh="调度员自拟的调派指令：逐条校核规则、计算指标，给出与最优方案的差距及其建议的调整。",
            ),
            ("minimal-dispatch", _ORDERS),
        ),
        replaying("fire_stations", Label(en="Replay a siting", zh="重现消防站选址"), "minimal"),
        replaying(
            "shelters",
            Label(en="Replay a choice of shelters", zh="重现避难场所选址"),
            "minimal-shelters",
        ),
        replaying(
            "stock_rotation", Label(en="Replay a rotation", zh="重现储备轮换"), "minimal-rotation"
        ),
        replaying(
            "dispatch_teams", Label(en="Replay a dispatch", zh="重现力量调派"), "minimal-dispatch"
        ),
        replaying(
            "dispatch_phase",
            Label(en="Replay a disaster phase", zh="重现灾害处置阶段排程"),
            "minimal-phase",
        ),
        replaying(
            "dispatch_readiness",
            Label(en="Replay a readiness plan", zh="重现备勤与移防"),
            "minimal-readiness",
        ),
        replaying(
            "dispatch_positioning",
            Label(en="Replay a pre-positioning", zh="重现力量预置"),
            "minimal-positioning",
        ),
        replaying(
            "stockpiles",
            Label(en="Replay a stockpile placement", zh="重现物资储备布局"),
            "minimal-stockpiles",
        ),
    )
}


URGENT = frozenset(
    one.id for one in PROCESSES.values() if one.kind and PROBLEMS[one.kind].deadline_s is not None
)
"""The processes whose answers somebody waits for: their jobs wait behind no others."""


def _no_reader(settings: Settings, inputs: Document) -> Reader:
    del settings, inputs
    raise AssertionError  # echo reads its inputs as one


_MESSAGE = Input(
    Label(en="The message", zh="消息"),
    "EchoRequest",
    _no_reader,
    schema={"type": "string", "maxLength": 10_000},
)
_PAUSE = Input(
    Label(en="Seconds until it is given back", zh="返回前等待的秒数"),
    "EchoRequest",
    _no_reader,
    required=False,
    schema={"type": "integer", "minimum": 0, "maximum": LONGEST_PAUSE_S, "default": 0},
)

_CONFORMANCE: Mapping[str, Process] = {
    "echo": Process(
        id="echo",
        title=Label(en="Give back what was given", zh="原样返回"),
        description=Label(
            en="For clients and test suites that try the service itself.",
            zh="供客户端与测试套件检验服务本身。",
        ),
        inputs={"message": _MESSAGE, "pause": _PAUSE},
        to_task=lambda parts, _: Echo(parts["request"]),
        result="EchoAnswer",
        example=lambda: {"message": "hello"},
        whole=read_echo,
        raw="message",
    )
}


def offered(settings: Settings) -> Mapping[str, Process]:
    """Return the processes that this service offers."""
    extra = _CONFORMANCE if settings.profile == "conformance" else {}
    return {**PROCESSES, **extra}


def kept_work(process_id: str, inputs: Payload, settings: Settings, plan: str | None) -> Work:
    """Return the work that inputs ask for as they were kept, begun from a plan (JSON) if any."""
    task = offered(settings)[process_id].read(parse(inputs.read()), settings)
    if isinstance(task, Echo) or plan is None or task.proposal is not None:
        return task
    start = problem_of(task.request).plan.model_validate_json(plan)
    return Task(task.request, task.store, start, task.extras)

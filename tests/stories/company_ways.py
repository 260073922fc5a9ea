"""C: the ways through 24 hours, 24 hours, three days and two days."""

from tests.stories.pace import DAY, HOUR, Way, after
from tests.stories.story import Case


def with_department(case: Case, **sorted_as: str) -> Case:
    """The form goes in, is classified and accepted, each two hours later."""
    after(case, 2 * HOUR).do("send_form")
    after(case, 2 * HOUR).do("classify", **sorted_as)
    return after(case, 2 * HOUR).do("accept")


def told(case: Case, **heard: str) -> Case:
    """The department returns the result within a day, and the customer is told it the day after."""
    after(case, DAY).do("return_result")
    return after(case, DAY).do("tell_customer", **heard)


def told_in_time(case: Case) -> None:
    told(with_department(case), satisfied="yes")


def own_scope(case: Case) -> None:
    after(case, HOUR).do("send_form", scope="own")
    after(case, HOUR).do("classify", scope="own", department=str(case.head.values["department"]))
    told(case)


def new_time_kept(case: Case) -> None:
    after(with_department(case), DAY).do("declare_unsolvable")
    after(case, DAY).do("agree_new_time")
    told(after(case, 5 * DAY))


def new_time_missed(case: Case) -> None:
    after(with_department(case), DAY).do("declare_unsolvable")
    after(case, HOUR).do("agree_new_time")
    after(case, 12 * DAY).do("declare_unsolvable")
    after(case, DAY).do("agree_new_time")
    told(case)


def joint_explanation(case: Case) -> None:
    told(with_department(case, complex="yes"))
    after(case, 2 * DAY).do("hold_joint")


def not_accepted(case: Case) -> None:
    after(case, HOUR).do("send_form")
    after(case, HOUR).do("classify", department="marketing")
    after(case, 9 * HOUR).do("classify", department="engineering")
    told(after(case, HOUR).do("accept"))


def urged(case: Case) -> None:
    with_department(case).do("act_for_customer")
    after(case, 6 * HOUR).do("urge")
    told(after(case, 6 * HOUR).do("urge", by="customer_service"))


def dissatisfied(case: Case) -> None:
    told(with_department(case), satisfied="no", dissatisfied_why="保安还是不管，换了张纸贴着而已。")


def late_everywhere(case: Case) -> None:
    after(case, 30 * HOUR).do("send_form")
    after(case, 30 * HOUR).do("classify")
    after(case, 2 * HOUR).do("accept")
    after(case, 5 * DAY).do("return_result")
    after(case, 4 * DAY).do("tell_customer")


def withdrawn(case: Case) -> None:
    after(case, 3 * HOUR).do("withdraw")


COMPANY: dict[str, Way] = {
    "told_in_time": told_in_time,
    "own_scope": own_scope,
    "new_time_kept": new_time_kept,
    "new_time_missed": new_time_missed,
    "joint_explanation": joint_explanation,
    "not_accepted": not_accepted,
    "urged": urged,
    "dissatisfied": dissatisfied,
    "late_everywhere": late_everywhere,
    "late_from_the_start": told_in_time,
    "withdrawn": withdrawn,
}

"""What administrators write: sites, departments, staff, absences, settings, calendars, procedures of their own.

Whatever is written is checked against the rest of the directory first, and everything wrong is said at once. What
moves due times (a calendar, a setting) starts a job that re-arms the site's open cases, and what says how long cases
are kept, one that re-arms its closed ones.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from re import fullmatch
from typing import Any

from msgspec import to_builtins
from msgspec.structs import replace

from chalicelib.cases.desks import Desks
from chalicelib.cases.entries import Declared, OwnProcedure, ProcedureView, SettingsView, SiteCalendar, SiteSettings
from chalicelib.cases.jobs import Jobs
from chalicelib.desk import staffing
from chalicelib.desk.calendar import Calendar, problems
from chalicelib.desk.errors import BadInput, Conflict, NotFound, Problem
from chalicelib.desk.people import Absence, Department, Organisation, Person, Site
from chalicelib.desk.procedure import Keep, Procedure
from chalicelib.desk.rulebook import Desk, Rulebook
from chalicelib.ports import DirectoryStore
from chalicelib.procedures.load import Compiled
from chalicelib.procedures.problems import Problem as Fault
from chalicelib.procedures.problems import Unsound
from chalicelib.procedures.settings import misfit
from chalicelib.procedures.written import rules_of


class Directory:
    """The directory, with what it needs of the world. `begin` arms a site's duties; `check` proves a procedure."""

    def __init__(
        self, *, store: DirectoryStore, desks: Desks, jobs: Jobs, begin: Callable[[str, str], None],
        check: Callable[[Compiled], Iterable[Fault]],
    ) -> None:  # fmt: skip
        self._store, self._desks, self._jobs, self._begin, self._check = store, desks, jobs, begin, check

    def organisation(self, org: str) -> Organisation:
        """All of it. Raises NotFound."""
        return self._desks.organisation(org)

    def put_organisation(self, organisation: Organisation) -> None:
        """A new organisation with all that is needed to begin, an administrator above all. Safe to repeat.

        Raises BadInput; Conflict where there is another by this id: from then on its administrators write.
        """
        known = self._store.organisation(organisation.id)
        if known is not None and known != organisation:
            raise Conflict(f"There is an organisation {organisation.id!r} already: its administrators change it.")
        _refuse([*_ids(organisation.id), *_names("name", organisation.name), *self._of_all(organisation)])
        self._store.put_organisation(organisation)
        for site in organisation.sites:
            self._begin(organisation.id, site)

    def put_site(self, org: str, site: Site) -> None:
        """A site whose procedure has the people it needs. Cases stay with the procedure they began with, and a post
        of an earlier one may stay for them. Raises BadInput.
        """
        known = self.organisation(org)
        before = known.sites.get(site.id)
        kept = before.notices if before else {}
        unlike = [Problem("notices", "are published by themselves")] if site.notices not in ({}, kept) else []
        site = replace(site, notices=kept)
        _refuse([*_ids(site.id), *unlike, *self._of_site(known, before, site)])
        # Jobs first, though nothing is saved yet: they begin later, and whoever tries again could not see what changed.
        if before is not None and _timing(before) != _timing(site):
            self._jobs.rearm(org, site.id)
        if before is not None and self._keeps(org, before) != self._keeps(org, site):
            self._jobs.retain(org, site.id)
        self._store.put(org, "site", site.id, site)
        self._begin(org, site.id)

    def put_department(self, org: str, unit: Department) -> None:
        """Raises BadInput."""
        staff = self.organisation(org).staff
        people = [("people", person) for person in unit.people] + ([("head", unit.head)] if unit.head else [])
        unknown = [Problem(field, f"is not known here: {person}") for field, person in people if person not in staff]
        _refuse([*_ids(unit.id), *_names("name", unit.name), *unknown])
        self._store.put(org, "department", unit.id, unit)

    def put_person(self, org: str, person: Person, by: str) -> None:
        """Nobody takes their own administration away, so that one always remains. Raises BadInput."""
        units = self.organisation(org).departments
        wrong = [
            Problem("departments", f"is not known here: {unit}") for unit in person.departments if unit not in units
        ]
        if not person.id or len(person.id) > 64 or not person.id.isprintable():
            wrong.append(Problem("id", "must be a sign-in name"))
        if not person.name.strip():
            wrong.append(Problem("name", "is required"))
        if person.id == by and not (person.admin and person.active):
            wrong.append(Problem("admin", "cannot be given up by oneself"))
        _refuse(wrong)
        self._store.put(org, "staff", person.id, person)

    def put_absence(self, org: str, absence: Absence) -> None:
        """Raises BadInput."""
        staff = self.organisation(org).staff
        named = [("person", absence.person), *([("stand_in", absence.stand_in)] if absence.stand_in else [])]
        wrong = [Problem(field, "is not known here") for field, person in named if person not in staff]
        if absence.start >= absence.end:
            wrong.append(Problem("end", "must be later than start"))
        if absence.person == absence.stand_in:
            wrong.append(Problem("stand_in", "must be somebody else"))
        _refuse(wrong)
        self._store.put_absence(org, absence)

    def put_settings(self, org: str, chosen: SiteSettings) -> None:
        """All settings of a site; what is left out has its default. Those of an earlier procedure stay for its cases.

        Raises BadInput, NotFound.
        """
        site = self._site(org, chosen.site)
        declared = self._bare(org, site).settings
        wrong = [
            Problem(f"settings.{name}", "is not a setting here") for name in chosen.settings if name not in declared
        ]
        for name, setting in declared.items():
            if name in chosen.settings and (why := misfit(setting, chosen.settings[name] or None)):
                wrong.append(Problem(f"settings.{name}", why))
        _refuse(wrong)
        earlier = {name: value for name, value in site.settings.items() if name not in declared}
        self.put_site(org, replace(site, settings=earlier | chosen.settings))

    def put_calendar(self, org: str, calendar: SiteCalendar) -> None:
        """Hours, and days of its own, on top of the holidays. Raises BadInput, NotFound."""
        site = self._site(org, calendar.site)
        self.put_site(org, replace(site, zone=calendar.zone, hours=calendar.hours, days=calendar.days))

    def put_procedure(self, org: str, own: OwnProcedure) -> ProcedureView:
        """A version of a procedure of its own, once it is proved sound. Raises BadInput, Conflict."""
        rules = to_builtins(own.rules)
        found = Compiled.from_tree(own.tree, own.letters, rules)
        try:
            procedure = found.bind({})
            faults = list(self._check(found))
        except Unsound as unsound:
            faults = unsound.problems
        wrong = [Problem(_place(own, fault.where), fault.what) for fault in faults]
        if not faults and self._ships(org, procedure.id):
            wrong.append(Problem("tree.procedure", "is the id of a procedure that ships: choose another"))
        _refuse(wrong)
        content = {"tree": own.tree, "letters": own.letters, **({"rules": rules} if rules else {})}
        self._store.put_procedure(org, procedure.id, procedure.version, content)
        return ProcedureView(id=procedure.id, version=procedure.version, title=procedure.title, own=True, sites=[])

    def settings(self, org: str) -> list[SettingsView]:
        """What each site may set, and has set."""
        return [self._settings_of(org, site) for site in self.organisation(org).sites.values()]

    def calendars(self, org: str) -> list[SiteCalendar]:
        """The hours of each site."""
        sites = self.organisation(org).sites.values()
        return [SiteCalendar(site=site.id, zone=site.zone, hours=site.hours, days=site.days) for site in sites]

    def procedures(self, org: str) -> list[ProcedureView]:
        """The procedures that its sites work by."""
        sites = self.organisation(org).sites.values()
        return [self._shown(org, id, None) for id in dict.fromkeys(site.procedure for site in sites)]

    def procedure(self, org: str, id: str, version: int | None) -> ProcedureView:
        """One procedure whole: what is to be edited. Raises NotFound."""
        found = self._desks.procedure(org, id, version)
        return replace(self._shown(org, id, version), tree=found.tree, letters=found.letters, rules=rules_of(found))

    def _shown(self, org: str, id: str, version: int | None) -> ProcedureView:
        procedure = self._desks.procedure(org, id, version).bind({})
        sites = [site.id for site in self.organisation(org).sites.values() if site.procedure == id]
        own = not self._ships(org, id)
        return ProcedureView(id=id, version=procedure.version, title=procedure.title, own=own, sites=sites)

    def _settings_of(self, org: str, site: Site) -> SettingsView:
        settings = self._bare(org, site).settings
        return SettingsView(
            site=site.id,
            settings={name: value for name, value in site.settings.items() if name in settings},
            declared={
                name: Declared(title=s.title, type=s.type, choices=s.choices, default=s.default, rules=s.rules)
                for name, s in settings.items()
            },
        )

    def _site(self, org: str, site: str) -> Site:
        found = self.organisation(org).sites.get(site)
        if found is None:
            raise BadInput("There is no such site.", [Problem("site", "is not known here")])
        return found

    def _bare(self, org: str, site: Site) -> Procedure:
        return self._desks.procedure(org, site.procedure).bind({})

    def _ships(self, org: str, id: str) -> bool:
        try:
            self._desks.procedure(org, id)
        except NotFound:
            return False
        return self._store.procedure(org, id) is None

    def _of_site(self, known: Organisation, before: Site | None, site: Site) -> Iterator[Problem]:
        yield from _names("name", site.name)
        yield from self._addresses(known, site)
        calendar = Calendar(zone=site.zone, week=site.hours or Calendar().week, days=site.days)
        yield from (Problem("hours", why) for why in problems(calendar))
        try:
            procedure = self._desks.procedure(known.id, site.procedure).bind(site.settings)
        except NotFound:
            yield Problem("procedure", "is not known here")
            return
        except Unsound as unsound:
            yield from (Problem(fault.where, fault.what) for fault in unsound.problems)
            return
        posts = {role for role in procedure.roles if staffing.named_by_directory(procedure.roles[role])}
        earlier = before.posts if before else {}
        for role, people in site.posts.items():
            if role not in posts and role not in earlier:
                yield Problem(f"posts.{role}", "is not a role that the directory fills")
            yield from (Problem(f"posts.{role}", f"is not known here: {p}") for p in people if p not in known.staff)
        organisation = replace(known, sites=known.sites | {site.id: site})
        desk = Desk(organisation=organisation, site=site, calendar=calendar, rulebook=Rulebook(procedure))
        yield from staffing.problems(desk)

    def _of_all(self, new: Organisation) -> Iterator[Problem]:
        if not new.sites:
            yield Problem("sites", "is required: one at least")
        if not any(person.admin and person.active for person in new.staff.values()):
            yield Problem("staff", "needs an administrator: `admin: true`")
        entries: list[tuple[str, Mapping[str, Site | Department | Person]]] = [
            ("sites", new.sites), ("departments", new.departments), ("staff", new.staff)
        ]  # fmt: skip
        for kind, named in entries:
            yield from (
                Problem(f"{kind}.{name}.id", f"must be {name}") for name, one in named.items() if one.id != name
            )
        for name, unit in new.departments.items():
            people = [*unit.people, *filter(None, [unit.head])]
            yield from (Problem(f"departments.{name}", f"is not known here: {p}") for p in people if p not in new.staff)
        for name, person in new.staff.items():
            units = [unit for unit in person.departments if unit not in new.departments]
            yield from (Problem(f"staff.{name}.departments", f"is not known here: {unit}") for unit in units)
        for name, site in new.sites.items():
            for problem in self._of_site(new, None, site):
                yield Problem(f"sites.{name}.{problem.field}", problem.problem)

    def _addresses(self, known: Organisation, site: Site) -> Iterator[Problem]:
        for address in site.mail:
            others = (other for other in known.sites.values() if other.id != site.id)
            if address != address.lower() or not fullmatch(r"[^\s@<>,;:\"]{1,64}@[a-z0-9.-]{1,255}", address):
                yield Problem("mail", f"must be e-mail addresses in small letters: {address}")
            elif (holder := self._store.takes_mail(address)) is not None and holder[0] != known.id:
                yield Problem("mail", f"is in use elsewhere: {address}")
            elif any(address in other.mail for other in others):
                yield Problem("mail", f"is another site's: {address}")

    def _keeps(self, org: str, site: Site) -> list[Keep]:
        """How long its cases are kept."""
        return self._desks.procedure(org, site.procedure).bind(site.settings).retention


def _place(own: OwnProcedure, where: str) -> str:
    """Where in the body a fault is: texts of letters stand beside the tree, not in it."""
    letter = where.removeprefix("letters.").partition(".")[0]
    return where if where != letter and letter in own.letters else f"tree.{where}".rstrip(".")


def _timing(site: Site) -> tuple[Any, ...]:
    """What due times are computed from."""
    return site.zone, site.hours, site.days, site.settings


def _ids(id: str) -> list[Problem]:
    sane = 0 < len(id) <= 48 and id.isascii() and id.replace("-", "").replace("_", "").isalnum()
    return [] if sane else [Problem("id", "must be letters, digits, hyphens and underscores, at most 48")]


def _names(field: str, words: dict[str, str]) -> list[Problem]:
    return (
        []
        if any(text.strip() for text in words.values())
        else [Problem(field, "is required, in one language at least")]
    )


def _refuse(wrong: Iterable[Problem]) -> None:
    """Raises BadInput where anything is wrong."""
    if found := list(wrong):
        raise BadInput("It cannot be kept as it is.", found)

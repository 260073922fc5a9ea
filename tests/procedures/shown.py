"""What somebody reads on the screen of a case: the guide lines, by the rule they carry out."""

from chalicelib.cases.picture import Picture
from tests.procedures.playing import Play, at


def shown(play: Play, who: str, when: str, kind: str = "") -> set[str]:
    """The rules whose lines this person is shown now, of one kind of guide or of all."""
    guides = Picture(play.desk, play.case, who, at(when), "zh-Hans", knows=True).case().guides
    return {line.rule for guide in guides if kind in ("", guide.kind) for line in guide.lines}

"""What somebody wrote themselves: without the mail they answer, and without what their program put below it.

Line by line and only where a program's own mark stands, because a list or a closing word of a complaint is part of it.
Each mark is matched against one line of bounded length. The whole mail is kept beside it in any case.
"""

import re

LONGEST_LINE = 400
"""Characters of a line in which a mark is looked for."""

_ORIGINAL = re.compile(
    r"[-_—─=*\s]{2,}(?:原始邮件|原始郵件|原邮件|原郵件|回复的原邮件|回覆的郵件|Original|Original Message|Original Email"
    r"|Replied Message"
    r"|Ursprüngliche Nachricht|Message d['’]origine|Mensaje original|元のメッセージ|원본 메시지)[-_—─=*\s]*",
    re.IGNORECASE,
)
_FROM = re.compile(r"[*\s]*(?:发件人|發件人|寄件者|寄件人|From|Von|De|差出人|보낸 사람)[*\s]*[:：].+", re.IGNORECASE)
_FURTHER = re.compile(
    r"[*\s]*(?:发送时间|發送時間|发送日期|傳送時間|寄件日期|寄送時間|日\s*期|时间|時間"
    r"|收件人|收件者|抄\s*送|副本|主\s*题|主\s*題|主旨|Sent|Send Time|Date|To|Cc"
    r"|Subject|Gesendet|An|Betreff|Envoyé|À|Objet|送信日時|宛先|件名)[*\s]*[:：].*",
    re.IGNORECASE,
)
_WROTE = re.compile(
    r"(?:.*(?:写道|寫道)|On .*wrote|At .*wrote|.*\bwrote|Am .*schrieb.*|Le .*a écrit\s?"
    r"|El .*escribió|.*のメール)\s*[:：]?",
    re.IGNORECASE,
)
_OPENINGS = ("On ", "At ", "在", "于", "於", "Am ", "Le ", "El ")
_AN_ADDRESS = re.compile(r"[^<>]{0,100}<[^<>\s@]{1,64}@[^<>\s]{1,255}>")
_NAMES_A_MAIL = re.compile(r"20\d\d|@")
_FOOTERS = re.compile(
    r"(?:发自|來自|来自|發自|发送自|從|从|由|傳送自)\s*(?:我的|我的\s*)?.{0,40}?(?:iPhone|iPad|手机|手機|Android|Outlook|Foxmail|邮箱.{0,12}"
    r"|郵箱.{0,12}|华为.{0,10}|小米.{0,10}|QQ邮箱.{0,10}|网易邮箱.{0,10})(?:\s*(?:发送|發送|傳送|传送))?[。.]?"
    r"|發自\s*Yahoo.{0,20}"
    r"|(?:获取|下载|取得|從|从|使用)\s*(?:Outlook for (?:iOS|Android)|Windows 版(?:邮件|郵件|Outlook)).{0,40}"
    r"|Sent from (?:my |Mail for |Outlook for |Yahoo Mail |Gmail ).{0,40}|Sent via (?:the |my )Samsung.{0,40}"
    r"|Get Outlook for .{0,40}|Von meinem .{0,30} gesendet",
    re.IGNORECASE,
)
_FORWARDED = re.compile(r"\s*(?:fw|fwd|wg|tr|转发|轉寄|轉發|转)\s*[:：]", re.IGNORECASE)


def said(text: str, subject: str = "") -> str:
    """What its writer added. A forwarded mail is told as a whole: what it carries is what is complained of.

    >>> said("仍未修好。\\n- 三号楼\\n\\n在 2026年11月22日，客服 <desk@desk.example> 写道：\\n> 您好")
    '仍未修好。\\n- 三号楼'
    """
    lines = text.split("\n")
    end = len(lines) if _FORWARDED.match(subject[:40]) else _quotation(lines)
    own = _unsigned(_without_quoted_end(lines[:end]))
    return own or text.strip()


def _quotation(lines: list[str]) -> int:
    """The line where the mail that is answered begins; past the end without one."""
    for index, line in enumerate(lines):
        mark = line.strip()[:LONGEST_LINE]
        if not mark:
            continue
        if _ORIGINAL.fullmatch(mark) or _is_header_block(lines, index):
            return index
        # A program breaks "On ..., somebody <...> wrote:" over up to three lines.
        for joined in range(1, 4):
            whole = " ".join(part.strip() for part in lines[index : index + joined])[:LONGEST_LINE]
            if (joined == 1 or mark.startswith(_OPENINGS) or _AN_ADDRESS.fullmatch(mark)) and _is_wrote(whole):
                return index
    return len(lines)


def _is_wrote(line: str) -> bool:
    """Whether it says who wrote what follows; prose that ends so names neither a year nor an address."""
    ends = line.endswith((":", "：", "写道", "寫道"))
    return bool(ends and _NAMES_A_MAIL.search(line) and _WROTE.fullmatch(line))


def _is_header_block(lines: list[str], index: int) -> bool:
    """Whether the headers of another mail are copied here: who it is from, and two more within a few lines."""
    if not _FROM.fullmatch(lines[index].strip()[:LONGEST_LINE]):
        return False
    below = (line.strip()[:LONGEST_LINE] for line in lines[index + 1 : index + 9])
    return sum(bool(_FURTHER.fullmatch(line)) for line in below) >= 2


def _without_quoted_end(lines: list[str]) -> list[str]:
    kept = list(lines)
    while kept and (not kept[-1].strip() or kept[-1].lstrip().startswith(">")):
        kept.pop()
    while kept and re.fullmatch(r"[\s_—─-]{5,}", kept[-1][:LONGEST_LINE]):
        kept.pop()  # the rule that Outlook draws above what it quotes
    return kept


def _unsigned(lines: list[str]) -> str:
    """Without the signature below `-- ` (RFC 3676) and without what a telephone or a mail service says of itself."""
    end = next((index for index, line in enumerate(lines) if line.rstrip("\n") in ("-- ", "--\u00a0")), len(lines))
    own = [line for line in lines[:end] if not (len(line) < 80 and _FOOTERS.fullmatch(line.strip()))]
    return "\n".join(own).strip()

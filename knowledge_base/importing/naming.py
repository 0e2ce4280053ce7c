"""What to call a text that bears no title: made from what it says of itself, or from its file's name. Pure.

None of it is certain: who uses it says so beside the title.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise, takewhile
from pathlib import PurePosixPath

from knowledge_base.importing import dates

WORKS = (
    "通知|办法|条例|规定|规则|细则|意见|方案|决定|公告|通告|指南|标准|批复|复函|函|法|纲要|规划|目"
    "录|章程|须知|流程|解释|准则|指引|手册|问答|措施|清单|制度|预案|计划|通报|报告|令|总则|话术|职责"
)
ENDS_LIKE_A_TITLE = re.compile(rf"(?:{WORKS})(?:[（(〔\[].{{1,20}}[）)〕\]])?$")
LONGEST = 60
_HAN = re.compile(r"[\u4e00-\u9fff]")

# A line that is a title, wherever it stands: 云汀市民政局关于发放助餐补贴的通知
_ABOUT = re.compile(
    rf"[^《》。；，,：:]{{0,40}}关于[^。；：:]{{2,80}}的?(?:{WORKS})(?:[（(][^（()）]{{1,20}}[）)])?"
)
_SENT_OUT = re.compile(r"(?:现将|将)?《([^《》]{4,60})》.{0,60}?印发(?:给你们|给你|，请)")

# 为了加强发票管理和财务监督，…，制定本办法
_MADE = re.compile(rf"制[定订]本((?:[\u4e00-\u9fff]{{2}})?(?:{WORKS}))")
_WHY = re.compile(r"(?:为了?|^[，,])([^。]{3,300})$")
_RESTS_ON = re.compile(
    r"(?:根据|依据|依照|按照|实施|执行|落实)《(?:中华人民共和国)?([^《》]{1,46}(?:法|条例|办法|规定))》"
)
_ASIDE = re.compile(r"[（(][^（()）]*(?:以下|下同)[^（()）]*[）)]")
_MANNER = r"(?:进一步|切实|依法|科学|有效|合理|妥善|积极|充分|更好|及时|统一|正确|严格|适当|规范|地|、)*?"
_JUST_DONE = (
    "加强|规范|完善|健全|做好|推进|推动|组织实施|组织|实施|整合|改进|加快|优化|强化|深化|开展|提高|贯彻|执行"
)
_NAMED_BY_IT = "促进|保护|保障|维护|防治|奖励"
_ENDS = _NAMED_BY_IT.split("|")
_DEED = re.compile(
    rf"^{_MANNER}((?:{_JUST_DONE}|{_NAMED_BY_IT})(?:(?:和|与|、|并)(?:{_JUST_DONE}|{_NAMED_BY_IT}))*)"
)
_TOWARDS = re.compile(r"^对(.{2,40}?)(?:的|实行|进行|给予)([\u4e00-\u9fff]{2,4})$")
_OF = re.compile(r"的(?=[\u4e00-\u9fff]{2,4}$)")
_LEFT_OVER = re.compile(r"(?:的|和|与|及|及其|、|，)+$")
_FIRST_OF_TWO = re.compile(r"(?<=管理|工作|行为|建设|监督|保护|活动|保障|服务)(?:和|与|以及|、).*$")
_LOOSE_END = re.compile(r"(?:业务活动|工作|行为|活动|秩序)$")
_SPOKEN_OF = re.compile(rf"本(?:{WORKS})所称的?([\u4e00-\u9fff]{{2,20}}?)(?:，|,|是指|指|包括)")
_RIGHTS = "合法权益"
_CORE = re.compile(rf"(?:的?(?:权益)?(?:{_NAMED_BY_IT}|管理|监督|监督管理|使用|登记))+$")
HEAD, OFTEN = 4, 3
"""Of a subject its last characters, which name the thing; and how often a text names what it is about."""

_QUOTED = re.compile(r"《([^《》]{6,60})》")
_OF_OTHERS = re.compile(r"^中华人民共和国|关于")
_HANGING = re.compile(r"[的和与及关于、（(第〔]+$")
_SAYS_NOTHING = re.compile(
    r"新建|文档|文本|扫描|未命名|无标题|附件|副本|定稿|终稿|最终|修改|稿|版|复制|正文|文件|图片|下载|第"
)


def headline(lines: Iterable[str]) -> str:
    """The first line that is a title by its form alone; empty if none is."""
    return next((line for line in lines if len(line) <= 2 * LONGEST and _ABOUT.fullmatch(line)), "")


def from_text(lines: Sequence[str]) -> str:
    """What the text is about, by the first sentences of it that tell; empty where none does."""
    return _sent_out(lines[:30]) or _by_purpose(lines[:40], "".join(lines)) or _by_its_papers(lines)


def from_name(name: str) -> str:
    """The file's name without folder, ending, number and date; the whole name where nothing else is left."""
    stem = PurePosixPath(name.replace("\\", "/").replace(" › ", "/")).name
    while PurePosixPath(stem).suffix and len(PurePosixPath(stem).suffix) <= 9:
        stem = PurePosixPath(stem).stem
    stem = re.sub(r"^\d{1,3}[-_.、 ]+", "", dates.without(re.sub(r"^\d{1,3}[-_.、 ]+(?=\D)", "", stem)))
    stem = re.sub(r"[-_+ ]+", " ", re.sub(r"[（(\[【]\s*[）)\]】]|[（(]\d{1,2}[）)]$", "", stem)).strip(
        " -_."
    )
    return (re.sub(r"(?<=[\u4e00-\u9fff）)]) | (?=[\u4e00-\u9fff（(])", "", stem) or name)[:200]


def tells(stem: str) -> bool:
    """Whether a file's name says what is in it: 新建文档 and scan0012 do not."""
    return len(_HAN.findall(_SAYS_NOTHING.sub("", stem))) >= 4


def _sent_out(lines: Sequence[str]) -> str:
    for line in lines:
        if hit := _SENT_OUT.search(line):
            return f"关于印发《{hit[1]}》的通知"
    return ""


def _by_purpose(lines: Sequence[str], body: str) -> str:
    for at, line in enumerate(lines):
        if not (made := _MADE.search(line)):
            continue
        said, work = _ASIDE.sub("", line[: made.start()]), made[1]
        why = _WHY.search(said)
        clauses = re.split("[，,；;]", why[1]) if why else []
        if (law := _RESTS_ON.search(said)) and (not clauses or law[0] in clauses[0]):
            return law[1] + "实施" + work.removeprefix("实施")
        spoken = next((hit[1] for near in lines[at : at + 8] if (hit := _SPOKEN_OF.search(near))), "")
        subject = _subject(clauses, spoken, body)
        return _joined(subject, work) if subject else ""
    return ""


def _subject(clauses: Sequence[str], spoken: str, body: str) -> str:
    """Of what the clauses aim at, the first that is regulated and that the text goes on to speak of."""
    told = [(by, rest) for clause in clauses if (found := _object(clause)) for by, rest in [found]]
    told.sort(key=lambda one: one[0] in _ENDS)
    for by, rest in told:
        core = _CORE.sub("", rest) or rest
        if by in _ENDS and spoken and spoken not in rest:
            continue
        if body.count(core[-HEAD:]) >= OFTEN or (spoken and spoken in rest):
            return rest
    return spoken


def _object(clause: str) -> tuple[str, str] | None:
    """`加强发票管理和财务监督` → (加强, 发票管理); None where it has no form that we know."""
    if not (deed := _DEED.match(clause)):
        return None
    rest = _FIRST_OF_TWO.sub("", clause[deed.end() :])
    if towards := _TOWARDS.match(rest):
        rest = towards[1] + towards[2]
    rest = _LEFT_OVER.sub("", _OF.sub("", _LOOSE_END.sub("", rest)))
    by = re.split("和|与|、|并", deed[1])[0]
    if rest.endswith(_RIGHTS):
        whose = rest.removesuffix(_RIGHTS).removesuffix("的")
        rest = whose + "权益" + ("保障" if by == "保障" else "保护")
    elif by in _ENDS and not rest.endswith(by):
        rest += "保护" if by == "维护" else by
    return (by, rest) if 2 <= len(rest) <= LONGEST and "《" not in rest else None


def _joined(subject: str, work: str) -> str:
    return subject + work[next(n for n in range(len(work), -1, -1) if subject.endswith(work[:n])) :]


def _by_its_papers(lines: Sequence[str]) -> str:
    """闵行区政府购买公共服务项目, of a text that names its 目录, its 申报书 and its 通知书."""
    named = sorted({hit for line in lines for hit in _QUOTED.findall(line) if not _OF_OTHERS.search(hit)})
    shared = max((_shared(*pair) for pair in pairwise(named)), key=len, default="")
    return shared if len(shared) >= 6 else ""


def _shared(one: str, other: str) -> str:
    alike = takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False))
    return _HANGING.sub("", "".join(letter for letter, _same in alike))

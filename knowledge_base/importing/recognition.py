"""What a document is called, who issued it under which number, and from when to when it holds. Pure.

What is not certain is named in `doubts`: a person looks at those fields first.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import PurePosixPath

from knowledge_base.importing import dates, naming
from knowledge_base.importing.formats import Extract
from knowledge_base.importing.structure import NUMERAL, Built, build
from knowledge_base.words import NATION, Doubt, ItemKind

_MARK = re.compile(r"^#{1,6}\s+")
_SENTENCE = re.compile(r"[。；！？]|[：:，,、]$")
_COUNTED = re.compile(
    r"^(?:[一二三四五六七八九十]{1,3}、|\d{1,2}[、.．]|[（(][一二三四五六七八九十\d]{1,3}[）)]|第.{1,4}[条章节])"
)
_LABELLED = re.compile(r"^(?:信息名称|文件名称|标\s*题|名\s*称)\s*[:：|]\s*(.{4,200})$")
_PASSED_OVER = re.compile(
    r"^(?:(?:索\s*引\s*号|发文机关|发布机构|发文单位|发布单位|成文日期|发布日期|发布时间|印发日期|发文日期|发文字号|文\s*号|主题分类"
    r"|主题词|公文种类|有\s*效\s*性|公开方式|公开类别|信息来源|来\s*源|浏览次数|签发人|字\s*体|密\s*级|保管期限)\s*[:：|]"
    r"|附件\s*\d{0,2}\s*[:：]?$|(?:特急|加急|急件|机密|秘密|内部资料)|[-—–]\s*\d+\s*[-—–]$)"
)
"""What stands above a title: the index of a government's page, an annex's number, how urgent and how secret."""
_NAMED_FIRST = re.compile(r"^《([^》]{4,80})》(?:适用于|是|为)")
_RED_HEAD = re.compile(r"^[\u4e00-\u9fff]{4,40}文件$")
_NUMBER = re.compile(
    r"[\u4e00-\u9fffA-Za-z]{1,14}\s*[〔［\[（(【]\s*(?:19|20)\d\d\s*[〕］\]）)】]\s*(?:第\s*)?\d{1,5}\s*号"
)
_ORDER = re.compile(
    r"(?:中华人民共和国)?[\u4e00-\u9fff]{2,20}(?:令|公告)\s*[（(]?\s*(?:(?:19|20)\d\d年)?\s*第\s*(?:\d+|"
    + NUMERAL
    + r")\s*号\s*[）)]?"
)
_BODY_NAME = (
    r"(?:人民政府(?:办公厅|办公室)?|委员会(?:办公室)?|办公厅|办公室|总局|管理局|监督局|局|厅|部|署|总行"
    r"|法院|检察院|中心|协会|管委会)"
)
_BY_TITLE = re.compile(rf"^([\u4e00-\u9fff、]{{2,60}}?{_BODY_NAME})(?:关于|印发|公告|通告|令)")
_BY_DATE = re.compile(
    rf"日\s*([\u4e00-\u9fff、]{{2,60}}?(?:{_BODY_NAME}|国务院))\s*(?:令|发布|公布|批准|修订|修正|通过|印发|制定|颁布)"
)
_CONGRESS = re.compile(r"全国人民代表大会(?:常务委员会)?")
_SIGNED = re.compile(rf"^([\u4e00-\u9fff、 ]{{2,60}}{_BODY_NAME})$")
_FOLDER = re.compile(rf"^[\u4e00-\u9fff]{{2,30}}{_BODY_NAME}$")
_PLACE = re.compile(r"^([\u4e00-\u9fff]{2,8}?(?:自治区|自治州|省|市(?!场)|州|县|区|旗))")
_NO_PLACE = re.compile(
    r"城市|市场|社区|地区|辖区|园区|景区|市区|开发区|小区|校区|专区|灾区|居住区|保税区|行政区|洪区|胜区|查区|关于|国家|国务院|中华人民"
)
_NATIONAL = re.compile(
    r"^(?:中华人民共和国|国务院|全国人|最高人民|国家|中央|公安部|财政部|教育部|民政部|司法部|[\u4e00-\u9fff]{2,16}(?:部|总局|署)$)"
)
_OF_THE_NATION = re.compile("省、自治区、直辖市|中华人民共和国境内|国务院|全国")
_OF_A_PLACE = re.compile("[我本全][省市县区州旗局镇乡](?!别|分|域|长)")
_FROM = re.compile(rf"自\s*({dates.ONE})\s*起?\s*(?:正式)?(?:施行|实施|执行|生效|试行)")
_FROM_ISSUE = re.compile(
    r"自(?:公布|发布|印发|颁布|签发|下发)之日起\s*(?:(\d+)\s*日后|满\s*(\d+)\s*日后?|后?)?\s*(?:施行|实施|执行|生效|试行)"
)
_ITSELF = re.compile(
    r"(?:本(?:办法|规定|意见|通知|细则|方案|条例|公告|通告|文件|规则|指南|标准|决定|措施)|起施行)[^。]*$|^有效期"
)
_UNTIL = re.compile(
    rf"(?:有效期(?:限)?(?:截至|截止|至|到)|施行(?:至|到)|执行(?:至|到)|有效期[^。；]{{0,30}}?至)\s*({dates.ONE})"
)
_FOR_YEARS = re.compile(rf"有效期(?:限)?(?:为|是)?\s*({NUMERAL})\s*(年|个月)")
_ENDS = re.compile(rf"^(?:第{NUMERAL}条\s*)?本[^。]{{1,40}}({dates.ONE})\s*(?:起)?\s*(?:废止|失效|停止执行)")
_DEEDS = re.compile(r"通过|公布|发布|修正|修订|批准|印发|颁布|制定|第.{1,5}号|令")
_KINDS = (
    (re.compile(r"问答|百问|答疑|常见问题"), ItemKind.QA),
    (re.compile(r"话术|应答口径"), ItemKind.SCRIPT),
    (re.compile(r"职能|职责|通讯录|联系方式|三定"), ItemKind.DUTIES),
    (re.compile(r"(?:公告|通告|公示)(?:[（(].*)?$"), ItemKind.NOTICE),
    (re.compile(r"指南|须知|流程|办理|怎么办|如何"), ItemKind.GUIDE),
)
FRONT, BACK = 25, 30
"""Lines at the beginning and at the end in which a document says what it is."""


@dataclass
class Recognised:
    """What an editor finds filled in."""

    title: str
    body: str
    kind: ItemKind = ItemKind.POLICY
    document_no: str = ""
    issued_by: str = ""
    region: str = ""
    issued_on: date | None = None
    effective_on: date | None = None
    expires_on: date | None = None
    doubts: list[Doubt] = field(default_factory=list)
    chapters: int = 0
    articles: int = 0


def recognise(name: str, found: Extract) -> Recognised:
    """Of the file `name`, whose folders may say who issued it and whose name may carry a date."""
    built = build(found.text, found.wrapped)
    doubts: list[Doubt] = []
    title, used = _title(name, found, built, doubts)
    body = [line for n, line in enumerate(built.lines) if n not in used]
    front, back = built.lines[:FRONT], built.lines[-BACK:]
    preamble = [line for line in built.front[:FRONT] if _MARK.sub("", line) != title]
    issued_on = _issued(preamble, back, name)
    effective_on = _effective(built, back, preamble, issued_on)
    issued_by = _issuer(title, preamble, back, name)
    if effective_on is None:
        doubts.append(Doubt.EFFECTIVE_ON)
    return Recognised(
        title=title,
        body="\n\n".join(body),
        kind=next((kind for pattern, kind in _KINDS if pattern.search(title)), ItemKind.POLICY),
        document_no=_document_no(preamble or front[:6]),
        issued_by=issued_by,
        region=_region(issued_by, title, built.lines),
        issued_on=issued_on,
        effective_on=effective_on,
        expires_on=_expiry(back, effective_on),
        doubts=doubts,
        chapters=built.chapters,
        articles=built.articles,
    )


def _title(name: str, found: Extract, built: Built, doubts: list[Doubt]) -> tuple[str, set[int]]:
    """(title, lines it was read from): what the document bears, else what a person would call it."""
    title, used, sure = _borne(built.front[:15])
    if title:
        if not sure:
            doubts.append(Doubt.TITLE)
        return title[:200], used
    if found.title and len(found.title) <= 200:
        return found.title, set()
    stem = naming.from_name(name)
    if about := naming.headline(built.front[:FRONT]):
        doubts.append(Doubt.TITLE_FROM_TEXT)
        return about[:200], {built.front.index(about)}
    if naming.tells(stem) and naming.ENDS_LIKE_A_TITLE.search(stem):
        doubts.append(Doubt.TITLE_FROM_NAME)
        return stem, set()
    if said := naming.from_text(built.lines):
        doubts.append(Doubt.TITLE_FROM_TEXT)
        return said[:200], set()
    doubts.append(Doubt.TITLE_FROM_NAME)
    return stem, set()


def _borne(front: Sequence[str]) -> tuple[str, set[int], bool]:
    """(title, its lines, whether it is one for certain) at the head of a document; empty where it begins otherwise."""
    for n, line in enumerate(front):
        bare = _MARK.sub("", line)
        if line != bare and len(bare) <= 200:
            return bare, {n}, True
        if labelled := _LABELLED.match(bare):
            return labelled[1], set(), True
        if _PASSED_OVER.match(bare) or _RED_HEAD.match(bare) or _NUMBER.fullmatch(bare) or dates.only(bare):
            continue
        if named := _NAMED_FIRST.match(bare):
            return named[1], set(), True
        if len(bare) > 60 or _SENTENCE.search(bare) or _COUNTED.match(bare):
            break
        used = _broken_over(front, n, bare)
        title = "".join(_MARK.sub("", front[k]) for k in used)
        return title, set(used), bool(naming.ENDS_LIKE_A_TITLE.search(title))
    return "", set(), False


def _broken_over(front: Sequence[str], n: int, bare: str) -> list[int]:
    """The lines from `n` on that make one title together: up to three, if the last ends as titles do."""
    if naming.ENDS_LIKE_A_TITLE.search(bare):
        return [n]
    for at in range(n + 1, min(n + 3, len(front))):
        more = front[at]
        if len(more) > 40 or _SENTENCE.search(more) or _MARK.match(more) or _COUNTED.match(more):
            break
        if naming.ENDS_LIKE_A_TITLE.search(more):
            return list(range(n, at + 1))
    return [n]


def _document_no(lines: list[str]) -> str:
    for pattern in (_NUMBER, _ORDER):
        for line in lines:
            if (hit := pattern.search(line)) and len(line) <= 120:
                return re.sub(r"\s", "", hit[0])[:80].strip("（(")
    return ""


def _issued(preamble: list[str], back: list[str], name: str) -> date | None:
    """The latest day that the preamble names for a deed on the text, or the file's name; else the signature."""
    told = [
        day
        for line in preamble
        for piece in re.split(r"[；;]|(?<=[）)])", line)
        if _DEEDS.search(piece) or dates.only(piece)
        for day in dates.all_in(_FROM.sub("", piece))
    ]
    if day := dates.in_name(name):
        told.append(day)
    if told:
        return max(told)
    signed = [day for line in back[-6:] if (day := dates.only(line))]
    return signed[-1] if signed else None


def _effective(built: Built, back: list[str], preamble: list[str], issued_on: date | None) -> date | None:
    """The day of 施行. An amended law still names its first day; its present words hold since they were issued."""
    named: date | None = None
    for line in [*preamble, *back]:
        if hit := _FROM.search(line):
            named = dates.first_in(hit[1]) or named
        elif issued_on and (hit := _FROM_ISSUE.search(line)):
            days = int(hit[1] or hit[2] or 0)
            named = issued_on + timedelta(days=days)
    if named and issued_on:
        return max(named, issued_on)
    return named or issued_on


def _expiry(back: list[str], effective_on: date | None) -> date | None:
    last = _stated_end(back, effective_on)
    return last if last and (effective_on is None or last > effective_on) else None


def _stated_end(back: list[str], effective_on: date | None) -> date | None:
    for line in reversed(back):
        said = line.split("有效期", 1)[0] if "有效期" in line else line
        if not _ITSELF.search(said or line):
            continue
        if hit := _UNTIL.search(line):
            return dates.first_in(hit[1])
        if (hit := _FOR_YEARS.search(line)) and effective_on:
            return dates.after(effective_on, hit[1], months=hit[2] != "年")
        if hit := _ENDS.search(line):
            last = dates.first_in(hit[1])
            return last - timedelta(days=1) if last else None
    return None


def _issuer(title: str, preamble: list[str], back: list[str], name: str) -> str:
    for line in preamble:
        if _RED_HEAD.match(line):
            return line.removesuffix("文件")[:120]
    if hit := _BY_TITLE.match(title):
        return hit[1][:120]
    for line in reversed(preamble):
        if hit := _CONGRESS.search(line):
            return hit[0]
        if hit := _BY_DATE.search(line):
            return hit[1][:120]
    for at, line in enumerate(back[-5:-1]):
        if (hit := _SIGNED.match(line)) and dates.only(back[-5:][at + 1]):
            return hit[1].replace(" ", "")[:120]
    folders = PurePosixPath(name.replace(" › ", "/")).parts[:-1]
    return next((f for f in reversed(folders) if _FOLDER.match(f)), "")


def _region(issued_by: str, title: str, lines: list[str]) -> str:
    if _NATIONAL.match(issued_by) or title.startswith(("中华人民共和国", "国务院", "国家")):
        return NATION
    for text in (issued_by, title):
        if (hit := _PLACE.match(text)) and not _NO_PLACE.search(hit[1]):
            return hit[1]
    return NATION if _speaks_for_the_nation(lines) else ""


def _speaks_for_the_nation(lines: list[str]) -> bool:
    """Of a rule that names nobody: 我区 speaks of a place, 省、自治区、直辖市 of the country; some say neither."""
    said = {"place": 0, "nation": 0}
    for line in lines:
        said["place"] += len(_OF_A_PLACE.findall(line))
        said["nation"] += len(_OF_THE_NATION.findall(line))
    return said["nation"] >= 2 and said["nation"] > said["place"]

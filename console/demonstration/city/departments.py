"""About sixty departments: the city, its hotline, bureaus with sections, districts, streets and communities."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import select

from accounts.models import Department, DepartmentKind, DepartmentLevel
from accounts.services.departments import create_department
from config.extensions import db
from config.transaction import transactional
from console.demonstration.city.directory import ENTRIES

CITY, CENTRE = "ytsf", "rxzx"

_KIND = {"系统": DepartmentKind.SYSTEM, "并号": DepartmentKind.MERGED, "终端": DepartmentKind.TERMINAL}
_LEVEL = {
    "市": DepartmentLevel.CITY,
    "区": DepartmentLevel.DISTRICT,
    "局": DepartmentLevel.BUREAU,
    "街": DepartmentLevel.STREET,
    "科": DepartmentLevel.SECTION,
    "社": DepartmentLevel.COMMUNITY,
}


class Row(NamedTuple):
    """One department; a parent stands above its children."""

    code: str
    parent: str
    level: str
    kind: str
    name: str
    short_name: str
    former_number: str = ""


DEPARTMENTS = (
    Row(CITY, "", "市", "终端", "云汀市人民政府", "市政府"),
    Row(CENTRE, CITY, "局", "终端", "云汀市12345政务服务便民热线中心", "热线中心"),
    Row("zjj", CITY, "局", "并号", "云汀市住房和城乡建设局", "市住建局", "12319"),
    Row("wyk", "zjj", "科", "终端", "市住建局物业管理科", "物业管理科"),
    Row("zlz", "zjj", "科", "终端", "市建设工程质量安全站", "质量安全站"),
    Row("gjj", CITY, "局", "并号", "云汀市住房公积金管理中心", "市公积金中心", "12329"),
    Row("csgl", CITY, "局", "并号", "云汀市城市管理局", "市城管局", "96310"),
    Row("zmz", "csgl", "科", "终端", "市城市照明管理处", "照明管理处"),
    Row("szz", "csgl", "科", "终端", "市市政设施养护处", "市政养护处"),
    Row("hwz", "csgl", "科", "终端", "市环境卫生管理处", "环卫处"),
    Row("ylz", "csgl", "科", "终端", "市园林绿化管理处", "园林绿化处"),
    Row("swjt", CITY, "局", "系统", "云汀水务集团有限公司", "水务集团", "96390"),
    Row("gdgs", CITY, "局", "系统", "云汀供电公司", "供电公司", "95598"),
    Row("rqjt", CITY, "局", "系统", "云汀燃气集团有限公司", "燃气集团", "96077"),
    Row("rlgs", CITY, "局", "终端", "云汀市热力有限公司", "热力公司"),
    Row("txb", CITY, "局", "终端", "云汀市信息通信行业办公室", "通信办"),
    Row("yzj", CITY, "局", "并号", "云汀市邮政管理局", "市邮政局", "12305"),
    Row("jtj", CITY, "局", "并号", "云汀市交通运输局", "市交通局", "12328"),
    Row("gjgs", "jtj", "科", "终端", "云汀公共交通有限公司", "公交公司"),
    Row("gaj", CITY, "局", "系统", "云汀市公安局", "市公安局"),
    Row("jjzd", "gaj", "科", "终端", "市公安局交通警察支队", "交警支队"),
    Row("rsj", CITY, "局", "并号", "云汀市人力资源和社会保障局", "市人社局", "12333"),
    Row("ldjc", "rsj", "科", "终端", "市劳动保障监察支队", "劳动监察支队"),
    Row("wjw", CITY, "局", "并号", "云汀市卫生健康委员会", "市卫健委", "12320"),
    Row("ybj", CITY, "局", "并号", "云汀市医疗保障局", "市医保局", "12393"),
    Row("jyj", CITY, "局", "终端", "云汀市教育局", "市教育局"),
    Row("scjg", CITY, "局", "并号", "云汀市市场监督管理局", "市市场监管局", "12315"),
    Row("sthj", CITY, "局", "并号", "云汀市生态环境局", "市生态环境局", "12369"),
    Row("mzj", CITY, "局", "终端", "云汀市民政局", "市民政局"),
    Row("nyj", CITY, "局", "并号", "云汀市农业农村局", "市农业农村局", "12316"),
    Row("wlj", CITY, "局", "并号", "云汀市文化旅游和体育局", "市文旅局", "12318"),
    Row("swj", CITY, "局", "系统", "云汀市税务局", "市税务局", "12366"),
    Row("jrb", CITY, "局", "终端", "云汀市金融工作办公室", "市金融办"),
    Row("zsj", CITY, "局", "终端", "云汀市政务服务管理局", "市政务服务局"),
    Row("yjj", CITY, "局", "并号", "云汀市应急管理局", "市应急局", "12350"),
    Row("xfjy", CITY, "局", "终端", "云汀市消防救援支队", "消防支队"),
    Row("zrzy", CITY, "局", "终端", "云汀市自然资源和规划局", "市资规局"),
    Row("lxq", CITY, "区", "终端", "鹿溪区人民政府", "鹿溪区"),
    Row("yanqiao", "lxq", "街", "终端", "雁桥街道办事处", "雁桥街道"),
    Row("shuyuan", "lxq", "街", "终端", "书院街道办事处", "书院街道"),
    Row("liupu", "lxq", "街", "终端", "柳浦街道办事处", "柳浦街道"),
    Row("yq-dtl", "yanqiao", "社", "终端", "雁桥街道灯塔里社区居委会", "灯塔里社区"),
    Row("yq-xqt", "yanqiao", "社", "终端", "雁桥街道杏桥头社区居委会", "杏桥头社区"),
    Row("sy-mxx", "shuyuan", "社", "终端", "书院街道墨香巷社区居委会", "墨香巷社区"),
    Row("lp-yhw", "liupu", "社", "终端", "柳浦街道渔火湾社区居委会", "渔火湾社区"),
    Row("dlq", CITY, "区", "终端", "东澜区人民政府", "东澜区"),
    Row("wangchao", "dlq", "街", "终端", "望潮街道办事处", "望潮街道"),
    Row("shifang", "dlq", "街", "终端", "石坊街道办事处", "石坊街道"),
    Row("chenghu", "dlq", "街", "终端", "澄湖街道办事处", "澄湖街道"),
    Row("wc-fgt", "wangchao", "社", "终端", "望潮街道帆影亭社区居委会", "帆影亭社区"),
    Row("sf-ljf", "shifang", "社", "终端", "石坊街道老酒坊社区居委会", "老酒坊社区"),
    Row("qpq", CITY, "区", "终端", "青屏区人民政府", "青屏区"),
    Row("songling", "qpq", "街", "终端", "松岭街道办事处", "松岭街道"),
    Row("guanqiao", "qpq", "街", "终端", "观桥街道办事处", "观桥街道"),
    Row("sl-yqw", "songling", "社", "终端", "松岭街道云栖坞社区居委会", "云栖坞社区"),
    Row("hyx", CITY, "区", "终端", "禾源县人民政府", "禾源县"),
    Row("hyz", "hyx", "街", "终端", "禾源镇人民政府", "禾源镇"),
    Row("btz", "hyx", "街", "终端", "白塘镇人民政府", "白塘镇"),
    Row("bt-dxc", "btz", "社", "终端", "白塘镇稻香村村民委员会", "稻香村"),
)


@transactional
def found() -> int:
    """Found the departments that are missing. Returns how many are new."""
    known = by_code()
    before = len(known)
    for n, row in enumerate(DEPARTMENTS):
        if row.code in known:
            continue
        entry = ENTRIES.get(row.code)
        known[row.code] = create_department(
            row.code,
            row.name,
            kind=_KIND[row.kind],
            level=_LEVEL[row.level],
            parent=known.get(row.parent),
            short_name=row.short_name,
            former_numbers=(row.former_number,) if row.former_number else (),
            contacts=({"name": "值班室", "phone": f"0990-555{1000 + n}", "hours": "工作日 9:00–17:30"},),
            duties="\n".join(entry.duties) if entry else "",
            address=entry.address if entry else "",
            hours=entry.hours if entry else "",
        )
    return len(known) - before


def by_code() -> dict[str, Department]:
    """Every department of the demonstration that exists."""
    codes = [row.code for row in DEPARTMENTS]
    return {d.code: d for d in db.session.scalars(select(Department).where(Department.code.in_(codes)))}

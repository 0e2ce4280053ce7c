"""Districts, streets and communities as places, with the department that is each one's own."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import select

from config.extensions import db
from config.transaction import transactional
from console.demonstration.city import departments
from dispatch.models import Place, PlaceLevel
from dispatch.services.reference import add_place


class Street(NamedTuple):
    """A street or township: its district and what stories may name in it."""

    code: str
    district: str
    name: str
    department: str
    communities: tuple[str, ...]
    roads: tuple[str, ...]
    estates: tuple[str, ...]


DISTRICTS = {
    "9901": ("鹿溪区", "lxq"),
    "9902": ("东澜区", "dlq"),
    "9903": ("青屏区", "qpq"),
    "9904": ("禾源县", "hyx"),
}

STREETS = (
    Street("990101", "9901", "雁桥街道", "yanqiao", ("灯塔里社区", "杏桥头社区"), ("雁桥路", "灯塔街", "杏林巷"), ("云上花园", "杏桥新村", "锦程公寓")),
    Street("990102", "9901", "书院街道", "shuyuan", ("墨香巷社区", "砚池社区"), ("书院路", "墨香巷", "状元街"), ("书香名邸", "砚池小区", "学府里")),
    Street("990103", "9901", "柳浦街道", "liupu", ("渔火湾社区", "柳堤社区"), ("柳浦大道", "渔火路", "柳堤东路"), ("柳岸春晓", "渔火湾家园", "柳浦新苑")),
    Street("990201", "9902", "望潮街道", "wangchao", ("帆影亭社区", "潮声社区"), ("望潮路", "帆影街", "海棠南路"), ("望潮府", "帆影公馆", "潮声里")),
    Street("990202", "9902", "石坊街道", "shifang", ("老酒坊社区", "石磨街社区"), ("石坊街", "酒坊路", "石磨街"), ("石坊小区", "老酒坊家属院", "安和苑")),
    Street("990203", "9902", "澄湖街道", "chenghu", ("芦荻社区", "澄湖里社区"), ("澄湖大道", "芦荻路", "环湖西路"), ("澄湖天境", "芦荻花园", "湖心岛一号")),
    Street("990301", "9903", "松岭街道", "songling", ("云栖坞社区", "松涛社区"), ("松岭路", "云栖街", "松涛路"), ("松涛苑", "云栖雅居", "青屏国际")),
    Street("990302", "9903", "观桥街道", "guanqiao", ("虹步社区", "观桥社区"), ("观桥大街", "虹步路", "长亭路"), ("虹步家园", "观桥公馆", "长亭小区")),
    Street("990401", "9904", "禾源镇", "hyz", ("禾丰社区", "南粮仓社区"), ("禾丰路", "粮仓街", "迎禾大道"), ("禾丰新城", "南粮仓小区", "禾源人家")),
    Street("990402", "9904", "白塘镇", "btz", ("稻香村", "白塘村"), ("白塘路", "稻香路", "塘岸街"), ("白塘安置小区", "稻香新居", "塘岸小镇")),
)  # fmt: skip


@transactional
def found() -> int:
    """Add the places that are missing. Returns how many are new."""
    known = set(db.session.scalars(select(Place.code)))
    offices = departments.by_code()
    by_short_name = {office.short_name: office for office in offices.values()}
    new = 0
    for code, (name, office) in DISTRICTS.items():
        if code not in known:
            add_place(code, name, PlaceLevel.DISTRICT, None, offices[office])
            new += 1
    for street in STREETS:
        if street.code not in known:
            add_place(
                street.code, street.name, PlaceLevel.STREET, street.district, offices[street.department]
            )
            new += 1
        for n, name in enumerate(street.communities, start=1):
            if (code := f"{street.code}{n:02d}") not in known:
                add_place(code, name, PlaceLevel.COMMUNITY, street.code, by_short_name.get(name))
                new += 1
    return new

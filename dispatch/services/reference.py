"""The code tables every city starts with: the category tree of domain § 3 and the clock rules. Idempotent."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from accounts.models import Department
from config.extensions import db
from config.transaction import transactional
from dispatch.models import Category, ClockRule, Place, PlaceLevel
from dispatch.rules import DEFAULT_RULES, forget_rules

TREE: tuple[tuple[str, str], ...] = (
    ("城乡建设", "施工管理 违法建设 拆迁征收 房屋质量 老旧小区改造 城市规划 工程欠薪"),
    ("住房物业", "物业服务 物业收费 电梯 小区停车 中介交易 延期交房 不动产登记 保障房 公积金"),
    ("城市管理", "占道经营 流动摊贩 垃圾清运 公厕 路灯 井盖 积水 园林绿化 乱停车 油烟 户外广告 养犬"),
    ("公用事业", "供水 供电 供气 供暖 通信 数字电视 邮政快递"),
    ("交通", "公交 出租车 共享单车 信号标志 停车管理 交通执法 渣土车 高速 铁路航空"),
    ("公安政法", "车辆驾驶员 户籍出入境 警务 治安 纠纷 噪音扰民 诈骗"),
    ("劳动社保", "欠薪 劳动维权 养老保险 失业工伤 就业创业 职称人事"),
    ("医疗卫生", "医保 就医 护理 疫苗 公共卫生 药品"),
    ("教育", "入学学区 校外培训 民办 师德收费 校园安全"),
    ("市场监管", "网购 预付卡 质量售后 食品安全 价格 特种设备 保健品 企业登记"),
    ("生态环境", "夜间施工噪音 餐饮噪音 工业噪音 大气 水体 养殖 固废"),
    ("民政", "低保 救助 残疾人 养老服务 殡葬 社区自治"),
    ("农业农村", "补贴 土地承包 宅基地 村务公开 道路 保险 确权"),
    ("文旅体育", "景区 旅行社 场馆 网吧"),
    ("经济财税", "税务 企业政策 营商环境 金融 非法集资"),
    ("政务服务", "办事流程 窗口态度 网上办事 平台故障 政务公开"),
    ("应急", "极端天气 大面积停水停电 疫情 安全生产 消防通道"),
    ("其他", "非本地 骚扰 表扬"),
)
"""Eighteen branches with their second levels, in the order of their codes."""


@transactional
def seed_reference() -> int:
    """Fill empty code tables; rows an administrator changed stay. Returns how many rows are new."""
    rows = []
    for n, (branch, leaves) in enumerate(TREE, start=1):
        code = f"{n:02d}"
        rows.append({"code": code, "parent_code": None, "name": branch, "path_name": branch})
        rows += [
            {
                "code": f"{code}{m:02d}",
                "parent_code": code,
                "name": leaf,
                "path_name": f"{branch} › {leaf}",
            }
            for m, leaf in enumerate(leaves.split(), start=1)
        ]
    new = 0
    for row in rows:
        statement = insert(Category).values(**row, default_urgency="normal", lead_is_local=False)
        new += len(db.session.execute(statement.on_conflict_do_nothing().returning(Category.id)).all())
    if db.session.scalar(select(ClockRule.id).limit(1)) is None:
        for kind, request_type, urgency, amount, unit in DEFAULT_RULES:
            db.session.add(
                ClockRule(kind=kind, request_type=request_type, urgency=urgency, amount=amount, unit=unit)
            )
            new += 1
    forget_rules()
    return new


@transactional
def add_place(
    code: str, name: str, level: PlaceLevel, parent: str | None = None, department: Department | None = None
) -> Place:
    """A district, street or community; known codes are changed."""
    place = db.session.scalar(select(Place).where(Place.code == code)) or Place(code=code)
    place.name, place.level, place.parent_code = name, level, parent
    place.department_id = department.id if department else None
    db.session.add(place)
    db.session.flush()
    return place


@transactional
def set_lead(codes: Iterable[str], department: Department | None, local: bool = False) -> None:
    """The department that leads cases of these categories; `local`: the place's own street does."""
    for category in db.session.scalars(select(Category).where(Category.code.in_(list(codes)))):
        category.lead_department_id = department.id if department else None
        category.lead_is_local = local

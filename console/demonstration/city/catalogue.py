"""The dispatch catalogue (派单目录) of the city: which department leads which category."""

from __future__ import annotations

from config.extensions import db
from config.transaction import transactional
from console.demonstration.city import departments
from dispatch.models import Category
from dispatch.services.reference import set_lead

LEADS: dict[str, str] = {
    "zjj": "01 0101 0104 0105 0107 02 0205 0206 0208",
    "zlz": "0103",
    "zrzy": "0106 0207 1302",
    "wyk": "0201 0202 0203",
    "gjj": "0209",
    "csgl": "03 0301 0302 0309 0310 0311 0312",
    "hwz": "0303 0304",
    "zmz": "0305",
    "szz": "0306 0307",
    "ylz": "0308",
    "swjt": "04 0401",
    "gdgs": "0402",
    "rqjt": "0403",
    "rlgs": "0404",
    "txb": "0405 0406",
    "yzj": "0407",
    "jtj": "05 0502 0503 0506 0507 0508 0509 1305",
    "gjgs": "0501",
    "jjzd": "0504 0505 0601",
    "gaj": "06 0602 0603 0604 0605 0606 0607",
    "rsj": "07 0703 0704 0705 0706",
    "ldjc": "0701 0702",
    "wjw": "08 0802 0803 0804 0805 1703",
    "ybj": "0801",
    "jyj": "09 0901 0902 0903 0904 0905",
    "scjg": "0806 10 1001 1002 1003 1004 1005 1006 1007 1008",
    "sthj": "11 1101 1102 1103 1104 1105 1106 1107",
    "mzj": "12 1201 1202 1203 1204 1205 1206",
    "nyj": "13 1301 1303 1304 1306 1307",
    "wlj": "14 1401 1402 1403 1404",
    "swj": "1501",
    "jrb": "15 1502 1503 1504 1505",
    "zsj": "16 1601 1602 1603 1604 1605 18 1801 1802 1803",
    "yjj": "17 1701 1702 1704",
    "xfjy": "1705",
}
LOCAL = "0102 0204 0301 0302 1206"
"""Led by the place's own street; the bureau stands in where no place is known."""


@transactional
def found() -> int:
    """Name the leads where no category has one yet: what an administrator changed stays. Returns how many are new."""
    if db.session.query(Category).filter(Category.lead_department_id.is_not(None)).first() is not None:
        return 0
    offices = departments.by_code()
    for code, categories in LEADS.items():
        set_lead(categories.split(), offices[code])
    set_lead(LOCAL.split(), offices["csgl"], local=True)
    return sum(len(categories.split()) for categories in LEADS.values()) + len(LOCAL.split())

"""What kind of answer a question wants, and whether a passage has one. Pure.

"How long" is answered by a passage that names a period, "who" by one that names an office. A passage without such a
thing may still be right, so evidence adds to a score and lack of it takes nothing away.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from flask_babel import lazy_gettext as _l

_NUMBER = r"[\d零〇一二三四五六七八九十百千万两][\d零〇一二三四五六七八九十百千万两,.]*"
_BODY = (
    r"(?:[\u4e00-\u9fff]{1,12}(?:部门|机关|机构|人民政府|委员会|办公室|管理局|法院|中心|派出所|街道办事处|公安|民政局"
    r"|财政局|财政厅|大队|窗口|支队|主管部门)|[\u4e00-\u9fff]{2,6}局|居委会|村委会|村\(居\)委会|街道|社区)"
)


@dataclass(frozen=True)
class Intent:
    """`asks` finds it in a question, `answers` in a passage. Both see folded text."""

    name: str
    label: str
    asks: re.Pattern[str]
    answers: re.Pattern[str]


INTENTS = (
    Intent(
        "money",
        _l("how much money"),
        re.compile(
            r"多少钱|几块|多贵|收费|要钱吗|要不要钱|免费|(?:补|罚|赔|退|取|交|领|给|发|缴)[^,。?]{0,4}(?:多少|几)|费用|标准"
        ),
        re.compile(
            rf"{_NUMBER}(?:万|亿)?元|{_NUMBER}%|百分之|万分之|[一二三四五六七八九十\d]+倍|免费|不收费|‰|全额"
        ),
    ),
    Intent(
        "duration",
        _l("how long"),
        re.compile(
            r"多久|多长|几天|多少天|几个月|几年|期限|时限|什么时候|何时|几月|几号|哪天|时间|几点|最晚|多少日|几个工作日"
        ),
        re.compile(
            rf"{_NUMBER}(?:个)?(?:工作日|工作内|日|天|个月|年|小时|分钟|月(?:份|底|初|旬|中)?|周)|期满|之日起|截止|当场|即时"
        ),
    ),
    Intent(
        "count",
        _l("how many"),
        re.compile(
            r"几个人|多少人|几人|要来多少|几家|几个|百分之几|多大|几岁|年龄|多少$|比例|几座|多高|几次|几分"
        ),
        re.compile(rf"{_NUMBER}(?:人|名|个|家|户|周岁|岁|以上|以下|座|次|米|平方米|%)|分之"),
    ),
    Intent(
        "place",
        _l("where"),
        re.compile(r"哪里|哪儿|在哪|去哪|到哪|什么地方|地址|窗口"),
        re.compile(
            rf"向[^,。]{{0,24}}(?:申请|提出|投诉|举报|登记|反映)|{_BODY}|地址|窗口|小程序|现场|网站|所在地"
        ),
    ),
    Intent(
        "number",
        _l("which number to call"),
        re.compile(r"电话|号码|热线|联系方式|怎么联系|打哪|座机"),
        re.compile(
            r"(?<!\d)(?:0\d{2,3}[- ]?\d{7,8}|1\d{10}|[48]00[- ]?\d{3}[- ]?\d{4}|1\d{2,4}|9\d{4})(?!\d)"
        ),
    ),
    Intent(
        "body",
        _l("who is responsible"),
        re.compile(
            r"找谁|谁来|谁管|谁负责|哪个部门|哪个单位|什么部门|归谁|归哪|哪一级|由谁|向谁|谁解释|谁审|谁付|谁出|谁罚|谁|设在哪"
        ),
        re.compile(
            rf"由{_BODY}|{_BODY}[^,。]{{0,10}}(?:负责|受理|办理|审核|解释|组织|承担)|负责解释|主体为|牵头|任组长"
        ),
    ),
    Intent(
        "materials",
        _l("what is needed"),
        re.compile(
            r"什么材料|哪些材料|什么证|哪些证|带什么|要什么|带哪些|什么手续|什么条件|哪些条件|要求|怎么申请|怎么办|交什么"
            r"|什么资格|什么样的"
        ),
        re.compile(
            r"下列(?:材料|条件|证件|文件)|以下条件|材料|条件|应当提交|应提交|出具|填写|身份证|\(一\)|提供"
        ),
    ),
    Intent(
        "list",
        _l("which ones"),
        re.compile(
            r"哪些|有什么|包括什么|包括哪|都有谁|内容|哪几|都管|都写|写什么|分几|指的是|什么意思|什么情况"
        ),
        re.compile(
            r"下列|以下|包括|\(一\)[^\n]*\(二\)|:\s*\(一\)|一是|、[^、。]{2,12}、[^、。]{2,12}、|本办法所称|是指"
        ),
    ),
    Intent(
        "may",
        _l("whether it is allowed"),
        re.compile(
            r"能不能|可不可以|可以吗|可以.{0,12}吗|能.{0,12}吗|行不行|合法吗|违法吗|算不算|允许|行吗|合规|违规"
        ),
        re.compile(r"不得|可以|禁止|应当|有权|不能|不予|严禁|允许|必须"),
    ),
    Intent(
        "penalty",
        _l("what the penalty is"),
        re.compile(r"怎么罚|罚多少|处罚|怎么处理|会怎样|会怎么样|什么后果|追究|罚款"),
        re.compile(r"罚款|处分|警告|吊销|责令|追究|没收|取消|停职|诫勉|追回|处罚"),
    ),
)


def intents_of(folded: str) -> list[Intent]:
    """What a question wants; often nothing in particular, sometimes two things."""
    return [intent for intent in INTENTS if intent.asks.search(folded)]

"""However an agent types what a citizen says, the panel shows the item that obviously answers, and shows it first."""

from __future__ import annotations

from urllib.parse import quote

import pytest

from accounts.roles import Role
from knowledge_base import search as finder
from knowledge_base.search import current_follower
from knowledge_base.search.feed import DatabaseFeed
from knowledge_base.search.follower import Follower
from knowledge_base.search.tantivy_engine import TantivyEngine
from knowledge_base.search.whoosh_engine import WhooshEngine
from tests.factories.accounts import make_person
from tests.factories.knowledge_base import make_item

WATER, PERMIT = "停水怎么办", "居住证申领办法"
PASTED = (
    "我家住在人民路12号小区3栋501室，从昨天晚上八点开始一直到今天早上都没有水，楼下邻居也都说没水，物业打电话说是自来水公司"
    "在抢修，但是没有人通知我们是不是计划停水，老人孩子都要用水做饭洗衣服，实在没有办法，请问你们这个停水什么时候能恢复，有没"
    "有抢修的人员过来，我打了供水热线一直占线打不通，麻烦帮忙催一下，另外停水为什么不提前公告一下，我们好提前接一点水备用。"
)
ASKED = {
    "pinyin": [
        "tingshui",
        "TINGSHUI",
        "ting'shui",
        "ting shui",
        "tíngshuǐ",
        "ＴＩＮＧＳＨＵＩ",
        "停shui",
        "ting水",
    ],
    "initials": ["ts", "tszmb"],
    "mistyped": ["停睡", "听水怎么办", "停水怎摸办"],
    "traditional": ["停水怎麼辦", "自來水"],
    "numbers": ["96390", "９６３９０", "1２345", "12345", "24小时", "２４小时", "二十四小时", "2小时"],
    "document number": [
        "云水发〔2024〕18号",
        "云水发[2024]18号",
        "云水发（2024）18号",
        "云水发2024年18号",
        "云水发 18号",
        "水发〔2024〕18",
    ],
    "pasted": [
        PASTED,
        "停水\n怎么办",
        "“停水”",
        "停水？？？",
        "#停水#",
        "停 水 怎 么 办",
        "停·水",
        "停\u200b水",
        "停\ufeff水",
    ],
    "emoji": ["停水😀", "😀停水怎么办🚰", "🚰停水👨‍👩‍👧"],
    "metacharacters": [
        "停水%' OR 1=1--",
        "停水.*[",
        "(停水|",
        "停水\\",
        "停水{1,3}$",
        "^停水",
        "停水; DROP TABLE",
    ],
    "one character": ["停", "水"],
}
OF_THE_PERMIT = [
    "juzhuzheng",
    "jvzhuzheng",
    "jzz",
    "jzzsl",
    "居住證",
    "居主证",
    "申領居住證",
    "15日",
    "15天",
    "十五日",
    "7号文",
]


@pytest.fixture(params=[WhooshEngine, TantivyEngine], ids=["whoosh", "tantivy"])
def panel(request, app, tmp_path, monkeypatch, sign_in):
    """`panel(words)` → the titles it shows, best first."""
    one = Follower(tmp_path, request.param(), DatabaseFeed(), lambda work: work())
    monkeypatch.setitem(app.extensions, finder._KEY, lambda: one)
    water = "自来水停水了，请拨打供水热线 96390，或者拨打 12345 转供水。抢修人员两小时内到场。停水提前二十四小时公告。"
    permit = "第一条 申领居住证，应当在居住地派出所办理。\n第二条 自受理之日起十五日内发放居住证。"
    make_item(WATER, water, document_no="云水发〔2024〕18号")
    make_item(PERMIT, permit, document_no="云政办发〔2023〕7号")
    for title in (
        "公租房申请",
        "犬只登记",
        "供暖补贴",
        "路灯报修",
        "公积金提取",
        "老年人助餐",
        "医保异地就医",
    ):
        make_item(title, f"{title}请到窗口办理，三个工作日内办结，电话 0999-1234567。")
    current_follower().look_now()
    client = sign_in(make_person(roles=(Role.AGENT,)))

    def shown(words: str) -> list[str]:
        answer = client.get(f"/knowledge/panel?q={quote(words)}")
        assert answer.status_code == 200, words
        return [part.split('"')[0] for part in answer.text.split('data-title="')[1:]]

    return shown


def test_the_same_thing_is_found_however_it_is_typed(panel):
    wanted = {words: WATER for ways in ASKED.values() for words in ways} | dict.fromkeys(
        OF_THE_PERMIT, PERMIT
    )
    assert {words: panel(words)[:1] for words in wanted} == {
        words: [title] for words, title in wanted.items()
    }


def test_one_letter_is_the_beginning_of_something_and_not_found_in_vain(app, sign_in):
    assert "没有找到" not in sign_in(make_person(roles=(Role.AGENT,))).get("/knowledge/panel?q=t").text

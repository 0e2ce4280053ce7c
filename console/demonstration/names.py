"""Names of people and telephone numbers that belong to nobody."""

from __future__ import annotations

from random import Random

SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾萧田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵"
WOMEN = (
    "芳",
    "秀兰",
    "丽华",
    "静怡",
    "晓燕",
    "雪梅",
    "婷",
    "玉兰",
    "佳慧",
    "思雨",
    "春梅",
    "倩",
    "文静",
    "淑珍",
    "雅琴",
    "梦瑶",
    "红霞",
    "欣悦",
    "桂英",
    "美玲",
)
MEN = ("伟", "建国", "志强", "俊杰", "明辉", "国栋", "浩", "文斌", "海涛", "永刚", "子轩", "德胜", "振华", "少华", "学军", "宏亮", "家豪", "立新", "东升", "晓峰")  # fmt: skip


def a_name(rng: Random) -> tuple[str, bool]:
    """A full name, and whether it is a woman's."""
    woman = rng.random() < 0.52
    return rng.choice(SURNAMES) + rng.choice(WOMEN if woman else MEN), woman


def a_number(rng: Random) -> str:
    """A mobile number of a range the numbering plan has not given to anybody (`+86 140 …`)."""
    return f"+86140{rng.randrange(100_000_000):08d}"

"""The flows a hotline has before anybody made one (domain § 2): short, as GB/T 33358-2016 advises."""

from __future__ import annotations

from hotline.ivr.document import (
    Broadcast,
    CaseProgress,
    Flow,
    Menu,
    Play,
    Prompt,
    Queue,
)

DEFAULT = Flow(
    start="broadcast",
    nodes={
        "broadcast": Broadcast(title="应急广播", next="welcome"),
        "welcome": Menu(
            title="欢迎词",
            prompt=Prompt(
                text="您好，欢迎拨打一二三四五政务服务便民热线，为保证服务质量，通话将被录音。综合咨询请按一，企业服务请按二，"
                "查询办件进度请按三，原部门专线业务请按四，方言和外语服务请按八，人工服务请按零或稍候。"
            ),
            choices={
                "0": "general",
                "1": "general",
                "2": "enterprise",
                "3": "progress",
                "4": "departmental",
                "8": "dialect",
            },
            wait=3,
            silence="general",
            tries=2,
            otherwise="general",
        ),
        "general": Queue(title="综合受理"),
        "enterprise": Queue(title="企业服务", queue="enterprise"),
        "departmental": Queue(title="原部门专线", queue="departmental"),
        "dialect": Queue(title="方言与外语", queue="dialect"),
        "progress": CaseProgress(
            title="办件进度",
            number_prompt=Prompt(text="请输入工单编号的全部数字，以井号键结束。"),
            code_prompt=Prompt(text="请输入查询码，字母请按其所在的数字键，以井号键结束。"),
            wrong=Prompt(text="编号或查询码不正确。"),
            tries=3,
            next="anything_else",
            otherwise="general",
        ),
        "anything_else": Menu(
            title="还需要什么",
            prompt=Prompt(text="再查询一件请按一，人工服务请按零，或直接挂机。"),
            choices={"0": "general", "1": "progress"},
            wait=5,
            silence="general",
            otherwise="general",
        ),
    },
)
"""Queues that a city does not have are the default queue's affair, so this flow works everywhere."""

FORMER_NUMBER = Flow(
    start="broadcast",
    nodes={
        "broadcast": Broadcast(title="应急广播", next="greeting"),
        "greeting": Play(
            title="归并问候",
            prompt=Prompt(
                text="您好，您拨打的{department}热线已并入一二三四五政务服务便民热线，为保证服务质量，通话将被录音，"
                "正在为您转接人工服务。"
            ),
            next="departmental",
        ),
        "departmental": Queue(title="原部门专线", queue="departmental", priority=1),
    },
)
"""For the former number of a department that has no flow of its own."""

FLOWS = {"default": DEFAULT, "former": FORMER_NUMBER}

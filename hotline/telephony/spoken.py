"""What is said where the city has recorded nothing of its own under that name."""

BUILT_IN = {
    "welcome": "您好，欢迎拨打一二三四五政务服务便民热线。人工服务请稍候，或者按零。",
    "apology": "您好，热线系统正在维护，正在为您转接备用电话，请稍候。",
}

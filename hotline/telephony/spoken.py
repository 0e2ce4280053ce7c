"""What is said where the city has recorded nothing of its own under that name."""

BUILT_IN = {
    "callback_offer": "如果您不想继续等待，请按一，我们会为您保留排队位置，轮到您时给您回电。",
    "callback_kept": "已为您保留排队位置，轮到您时我们会给您回电，请您保持电话畅通，再见。",
    "voicemail": "您好，当前没有人工坐席值守。请在本提示后留言，最长三分钟，结束请按井号键，我们会尽快给您回电。",
    "voicemail_thanks": "您的留言已经收到，我们会尽快处理，再见。",
    "survey": "请对本次服务进行评价，非常满意请按五，满意请按四，一般请按三，不满意请按二，非常不满意请按一。",
    "survey_thanks": "感谢您的评价，再见。",
    "busy": "您好，当前来电较多，线路繁忙，请您稍后再拨，再见。",
    "closed": "您好，现在是非服务时间，请您在服务时间内来电，再见。",
    "apology": "您好，热线系统正在维护，正在为您转接备用电话，请稍候。",
}

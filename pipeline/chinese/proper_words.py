"""English words with a capital that Chinese says in its own words: countries, cities, months.

Data. A name of these need not stand in Latin letters, and is no name to be kept. Companies and
people are in `verify.aliases`, terms in the glossary.
"""

_WORDS_TABLE = """
america american americas | 美
asia asian | 亚洲|亚太
australia australian | 澳
beijing | 北京|中国
berlin | 柏林
boston | 波士顿
brazil brazilian | 巴西
british britain england uk london | 英|伦敦
california | 加州|加利福尼亚
canada canadian | 加拿大
china chinese | 中|华|国产
christmas | 圣诞
congress senate | 国会|参议院
dutch netherlands | 荷兰
english | 英语|英文|英
eu europe european | 欧
france french paris | 法|巴黎
german germany | 德
hong kong | 香港|港
india indian | 印
internet | 互联网|网
israel israeli | 以色列
italian italy | 意
japan japanese tokyo | 日|东京
korea korean south seoul | 韩|首尔
linux | Linux
mandarin | 普通话|中文|汉语
middle east eastern | 中东
new york | 纽约
nobel | 诺贝尔
portuguese | 葡萄牙
russia russian | 俄
san francisco | 旧金山
saudi arabia | 沙特
shanghai | 上海
shenzhen | 深圳
silicon valley | 硅谷
singapore | 新加坡
spanish spain | 西班牙
swiss switzerland | 瑞士
taiwan taiwanese taipei | 台
texas | 得克萨斯|德州|得州
u.s us usa united states kingdom | 美|英
ukraine ukrainian | 乌克兰
washington | 华盛顿
western west | 西
abu dhabi | 阿布扎比
africa african | 非洲
amsterdam | 阿姆斯特丹
argentina | 阿根廷
arizona | 亚利桑那
atlanta | 亚特兰大
austin | 奥斯汀
austria | 奥地利
bangalore bengaluru | 班加罗尔
belgium | 比利时
chengdu | 成都
chicago | 芝加哥
chile | 智利
colorado | 科罗拉多
dallas | 达拉斯
delhi | 德里
denmark danish | 丹麦
denver | 丹佛
dubai | 迪拜
dublin | 都柏林
egypt | 埃及
emirates uae | 阿联酋
finland finnish | 芬兰
florida | 佛罗里达
greece greek | 希腊
guangzhou | 广州
hangzhou | 杭州
houston | 休斯敦
iceland | 冰岛
indonesia | 印尼|印度尼西亚
iran | 伊朗
ireland irish | 爱尔兰
latin | 拉丁|拉美
las vegas | 拉斯维加斯
los angeles | 洛杉矶
malaysia | 马来西亚
melbourne | 墨尔本
memphis | 孟菲斯
mexico | 墨西哥
miami | 迈阿密
montreal | 蒙特利尔
mumbai | 孟买
munich | 慕尼黑
nevada | 内华达
norway norwegian | 挪威
ohio | 俄亥俄
oregon | 俄勒冈
philippines | 菲律宾
phoenix | 凤凰城|菲尼克斯
poland polish | 波兰
portugal | 葡萄牙
qatar | 卡塔尔
riyadh | 利雅得
seattle | 西雅图
stockholm | 斯德哥尔摩
sweden swedish | 瑞典
sydney | 悉尼
thailand thai | 泰
toronto | 多伦多
turkey turkish | 土耳其
vancouver | 温哥华
vietnam vietnamese | 越南
virginia | 弗吉尼亚
wuhan | 武汉
zurich | 苏黎世
white house | 白宫
monday | 周一|星期一
tuesday | 周二|星期二
wednesday | 周三|星期三
thursday | 周四|星期四
friday | 周五|星期五
saturday | 周六|星期六
sunday | 周日|星期日|星期天
january | 1月|一月
february | 2月|二月
march | 3月|三月
april | 4月|四月
may | 5月|五月|可
june | 6月|六月
july | 7月|七月
august | 8月|八月
september | 9月|九月
october | 10月|十月
november | 11月|十一月
december | 12月|十二月
q1 | 一季度
q2 | 二季度
q3 | 三季度
q4 | 四季度
h1 | 上半年
h2 | 下半年
ai | AI|人工智能
ceo | 首席执行官|CEO
cto | 首席技术官|CTO
cfo | 首席财务官|CFO
chief | 首席|主管|负责人
president | 总统|总裁|会长
vice | 副
professor prof | 教授
dr | 博士|医生
university | 大学
college | 学院|大学
institute | 研究所|学院|研究院
institution | 机构|学会
academy | 科学院|学院|研究院
school | 学院|学校
department | 部|系
ministry | 部
court | 法院|法庭
foundation | 基金会|基金
lab labs laboratory laboratories | 实验室
research | 研究
center centre | 中心
group | 集团|组|团队
team | 团队|组
series | 系列|轮
seed | 种子
conference | 大会|会议
street | 街
south china morning post | 南华早报
times | 时报|泰晤士
journal | 日报|期刊
post | 邮报|早报
newspaper | 报
bank | 银行
apache | Apache|阿帕奇
license licence | 许可
part | 部分|第
chapter | 章
version | 版
figure | 图
earth | 地球
moon | 月
"""


def _by_word() -> dict[str, str]:
    """Join what the rows say of a word: the China of a newspaper's name is one of the country."""
    found: dict[str, list[str]] = {}
    for row in _WORDS_TABLE.strip().splitlines():
        names, _, words = row.partition("|")
        for name in names.split():
            found.setdefault(name, []).append(words.strip())
    return {name: "|".join(words) for name, words in found.items()}


CHINESE_WORDS = _by_word()
"""By English word in lower case, a pattern of what says it in Chinese."""

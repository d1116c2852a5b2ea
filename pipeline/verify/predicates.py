"""What a text may affirm or deny, in English and in Chinese: what is done, had or so.

For `denial`, which compares whether both texts affirm or both deny it. A row is one thing; its
opposite, where it has one, stands behind `||`. The words are those that the newsletter negates most
often, and their Chinese.
"""

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

_NONE = "(?!)"
_TABLE = r"""
access\w* | 访问|获取|使用权
accura(?:te|cy|tely) | 准确|精确 || inaccura\w+
achiev\w+ | 实现|达到
act(?:s|ed)? on | 处理
add(?:s|ed|ing)? | 新增|添加|增加|加入|引入
     || remov(?:e|es|ed|ing)|delet\w+ | 移除|删除|去除|去掉|删去
address(?:es|ed)? | 解决|回应
affected|impacted | 受影响|受[到]?波及|受累 || unaffected
allow\w*|permit\w* | 允许|准许|许可
     || ban(?:s|ned|ning)?|forbid\w*|forbade|prohibit\w* | 禁止|禁用|封禁
answer\w*|respond\w*|repl(?:y|ies|ied)|response|responses | 回答|作答|回应|响应|回复
appl(?:y|ies|ied) | 适用|应用
approv\w+ | 批准|获批 || veto\w*|reject\w* | 否决|驳回
architectur\w+ changes?|changes? (?:to|in) (?:the )?architectur\w+ | 改动架构|架构改动|修改架构
attention | 注意力
attribut\w+ | 归因|归于|归咎
available|availability | 可用|上线|推出 || unavailable | 下线|停用
aware | 知晓|知道|意识到
benchmarks?|benchmark results | 基准(?!线)
better|superior | 更好|更强|更优|优于
block(?:s|ed|ing)? | 阻止|阻断|拦截|屏蔽
bugs? | bug|漏洞|缺陷
build(?:s|ing)?|built | 构建|搭建|打造|建造
bundl\w+ | 捆绑
cache|caching | 缓存
chang(?:e|es|ed|ing)|modif\w+|alter\w* | 改动|改变|更改|修改|变动|变化 || unchanged | 保持原样
clear|clearly | 清楚|明确|清晰 || unclear
code generation|generat\w+ code | 生成代码|代码生成
collect\w* | 收集|采集
comment(?:ed|ing)? | 置评
compar\w+ | 比较|对比
compatib\w+ | 兼容 || incompatib\w+
compensat\w+ | 补偿|赔偿
compet(?:e|es|ing|itive) | 竞争|抗衡
comply|complies|complian\w+ | 遵守|合规
compromised|infected|breach\w*|intru\w+|hack(?:s|ed|ing)? | 感染|入侵|遭到?攻陷
compromis\w+|sacrific\w+|los(?:s|ing|es|e)|degrad\w+ | 损失|牺牲|折损|下滑|打折扣
confirm\w*|verif(?:y|ies|ied) | 证实|确认|核实
     || den(?:y|ies|ied)|debunk\w*|refut\w+|disprov\w+ | 否认|辟谣|证伪|驳斥
connect\w* | 连接|接入|联网
malicious | 恶意
consensus|agreement | 共识|一致
consent|permission | 同意|许可|授权|征得
contain\w*|includ(?:e|es|ed|ing) | 包含|包括|含有|附有|附带|涵盖
     || exclud\w+|omit\w* | 排除|剔除|除外
copyright\w* | 版权
correct|right | 正确 || incorrect\w*|wrong | 错误|有误
cost(?:s|ing)? | 费用|花钱|成本
credentials?|password | 凭证|密码
credited | 到账|收到
cuda | CUDA
data leak\w*|leak(?:s|ed|ing)? | 泄露|泄漏|外泄
decid(?:e|ed|es) | 决定
dependen\w+|depend(?:s|ing)? on|rel(?:y|ies|ied|ying) on | 依赖|依靠 || independent | 独立
deploy\w* | 部署
deprecat\w+|retir\w+|sunset\w*|discontinu\w+|(?:now[- ])?shut\w*[- ]down | 弃用|停用|下线|退役
    |停止服务|关停|淘汰
     || launch\w*|introduc\w+|releas\w+|unveil\w*|debut\w* | 推出|上线|发布|问世
designed | 设计
detect\w* | 检测|发现|察觉
details|specifics | 细节|详情
differ\w* | 差异|区别|不同
disclos\w+|reveal\w* | 披露|透露|公布|公开
documentation|documented|docs | 文档|记录
download\w* | 下载
edit\w* | 编辑
effective | 有效|奏效|管用 || ineffective | 无效
enabled?|enables|enabling|turn\w* on | 启用|开启 || disabl\w+|turn\w* off | 禁用|关闭|停用
enough|sufficient|adequate | 足够|充足|充分|够用
     || insufficient\w*|inadequate\w*|not enough | 不足
equal\w* | 相等|等于
errors? | 报错|出错
evidence|proof | 证据
exist(?:s|ed)? | 存在
expectations? | 预期|期望
explain\w*|explanation | 解释
expos\w+ | 暴露|公开
external | 外部|外界
fast|quick | 快速|很快 || slow | 缓慢|很慢
feasible|viable|practical | 可行|现实 || infeasible|impractical
fin(?:e-?|e )tun\w+ | 微调
first | 首个|首次|首款|第一个
fit(?:s|ted|ting)? | 装进|装下|容纳|放进|放下|塞进
fix(?:es|ed|ing)?|resolv\w+|solv\w+ | 修复|解决|修好 || unresolved|unfixed
focus\w* | 专注|聚焦|主攻
follow\w* | 遵循|遵守|跟随
formal | 正式
free | 免费 || paid|pay(?:s|ing)? | 付费|收费
function calling|tool calling|tool use | 函数调用|工具调用
generaliz\w+|generalis\w+ | 泛化|推广
guarant\w+ | 保证|担保
guardrails? | 护栏
handl\w+ | 处理|应对
happen\w*|occur\w* | 发生|出现
help(?:s|ed|ful|ing)? | 帮助|有助|帮上
hir(?:e|es|ed|ing)|recruit\w* | 招聘|新招|招募|雇
     || la(?:y|ys|id) ?-?offs?|layoffs?|redundanc\w+|fir(?:ed|ing) | 裁员|裁掉|解雇
human (?:\w+ )?(?:labels?|annotat\w+)|labels?|labell?ed|annotat\w+ | 标注|标签
     || unlabell?ed|unannotated
human (?:review|intervention|input|oversight)|(?:review|intervention|oversight) | 人工审核
    |人工干预|人工介入|人工监督
impact\w*|affect\w*|influenc\w+ | 影响
implement\w* | 实现|实施
improv\w+ | 改进|改善|提升|提高
in(?:-| )person|physically|on-?site | 线下|到场|现场 || online|virtual\w*|remote\w* | 线上|远程
install\w* | 安装
instruct\w* | 指令|指示
integrat\w+ | 集成|接入|整合
intend\w*|intent\w*|deliberate\w* | 有意|故意|打算
interest\w* | 兴趣
internet | 联网|互联网
involv\w+ | 涉及|参与
issues?|problems? | 问题|故障
join\w* | 加入|参加
justif\w+ | 正当|合理|理由
know(?:s|n|ing)? | 知道|知晓|已知 || unknown
launch\w* | 推出|上线|发布|发射
legitimate|legit|authentic|genuine | 正规|正当|真实|正宗
     || fake|fraudulent|bogus | 虚假|伪造|假冒
licen[cs]\w+ | 许可|授权
limits?|caps?|limited|rate[- ]limit\w* | 上限|限额|限制|额度|限流 || unlimited | 无限
link(?:s|ed)? | 链接
load(?:s|ed|ing)? | 加载|载入
local|locally | 本地
log(?:s|ged|ging)? | 日志|记录
manual\w* | 手动
match(?:es|ed|ing)? | 匹配|相符|媲美|追平
matter(?:s|ed)? | 重要|要紧
measur\w+ | 测量
mean(?:s|t)? | 意味|等于说|代表着
meet(?:s|ing)?|met | 达到|满足|符合
memory | 内存|记忆
mention\w*|specif(?:y|ies|ied) | 提到|提及|说明|注明|指明
merg\w+ | 合并
moderat\w+|censor\w* | 审查|审核 || uncensored
native\w* | 原生
necessary|need(?:s|ed|ing)?|requir\w+ | 需要|必须|须|要求|必需|需 || unnecessary|optional | 可选
notice|warning | 通知|预告|警告|提前告知
notif\w+ | 通知
official|officially | 官方|正式 || unofficial\w* | 非官方
offline | 离线
open[- ]?sourc\w+|open[- ]weights?|open models? | 开源|开放权重|开放模型
     || closed[- ]?sourc\w+|closed[- ]weights?|closed(?: [\w.]+)? models?|proprietary | 闭源|专有
outperform\w* | 超过|超越|胜过|优于
over-?fit\w* | 过拟合
pass(?:es|ed)? | 通过
plan(?:s|ned|ning)? | 计划|打算|安排
prais\w+|welcom\w+|prefer\w*|recommend\w* | 称赞|欢迎|看好|推荐
     || critici[sz]\w+|complain\w*|condemn\w* | 批评|抱怨|谴责|不满
pre-?train\w* | 预训练
predict\w* | 预测
present|included on | 在列|出现 || absent|missing | 缺席|缺失
produc(?:e|es|ed|ing) | 产出|产生
production[- ]ready | 用于生产|投产|生产可用
profit(?:s|able|ability)? | 盈利|赚钱|利润 || unprofitable|loss-making | 亏损
prompt(?:s|ed|ing)? | 提示
provid\w+|offer\w* | 提供|给出
public(?:ly)? | 公开|公众 || private(?:ly)?|secret\w* | 私下|保密|秘密
publish\w* | 发表|公布|发布
quantiz\w+|quantis\w+ | 量化
rais(?:e|es|ed|ing) (?:the |its |any )?pric\w+|price (?:increases?|hikes?|rises?) | 涨价|提价
    |价格上[调涨]
     || (?:cut|lower|reduc|drop|slash)\w* (?:the |its )?pric\w+
    |price (?:cuts?|drops?|reductions?|decreases?) | 降价|价格下[调降跌]
ready | 就绪|准备好
reason(?:s)? | 理由|原因
reasoning | 推理
receiv\w+|got | 收到|获得|得到
recogni[sz]\w+ | 识别|认出|认可
record(?:ed|ing|ings) | 录制|录像|录音
refund\w* | 退款
refus\w+|declin(?:e|es|ed) to|declined|reject(?:s|ed|ing)? | 拒绝|拒答|遭拒|婉拒|谢绝
     || accept(?:s|ed|ing)?|agre(?:e|es|ed)|compl(?:y|ies|ied) | 接受|同意|照办|答应
registration|sign[- ]?up|account | 注册|账号|账户
related|relat(?:es|ion) | 有关|相关 || unrelated|separate from | 无关
releas\w+|launch\w*|unveil\w*|introduc\w+ | 发布|推出|放出
reliab\w+ | 可靠 || unreliab\w+
remember\w* | 记住|记得
replac\w+ | 取代|替代|替换
reproduc\w+|replicat\w+ | 复现
restart\w*|reboot\w* | 重启
restrict\w* | 限制
results? | 结果|成绩
re-?train\w* | 重新训练|再训练|重训
return\w* | 返回|归还
review\w* | 审查|评审|审核
run(?:s|ning)?|ran | 运行|跑
safe|secure|safety|security | 安全 || unsafe|insecure|vulnerable | 易受攻击
samples?|examples? | 样本|示例
sav(?:e|es|ed|ing) | 保存
scal(?:e|es|ed|ing) | 扩展|扩大规模
search\w* | 搜索
see(?:s|n|ing)?|saw|visible | 看到|看见|可见
sell(?:s|ing)?|sold | 出售|卖出?
send(?:s|ing)?|sent | 发送|发出
SFT|supervised fine-?tuning | SFT|监督微调
shar(?:e|es|ed|ing) | 分享|共享
ship(?:s|ped|ping)? | 交付|发货|推出
show(?:s|ed|n|ing)? | 显示|表明|展示
significan\w+|substantial\w* | 显著|明显|重大|大幅
     || marginal\w*|minimal\w*|negligibl\w*|barely|slight\w* | 微乎其微|轻微|略微|微小|几乎不
    |极小
solution\w* | 解决方案|办法|解法
special(?:ized|ised)? hardware | 专用硬件|专门硬件
stable|stability | 稳定 || unstable|instabilit\w+
start(?:s|ed|ing)? | 开始|启动
stor(?:e|es|ed|ing) | 存储|储存|保存
straightforward|easy|simple | 简单|容易 || hard|difficult | 困难|很难
succe(?:ed|eds|eded|ss|ssful|ssfully) | 成功 || fail(?:s|ed|ing|ure)? | 失败|未能|没能
suitable | 适合 || unsuitable
support(?:s|ed|ing)? | 支持 || oppos(?:e|es|ed|ing)|(?:drop|end|remov)\w* support for | 反对
sure|certain | 确定|肯定 || unsure|uncertain\w* | 拿不准
system prompts? | 系统提示
throttl\w+ | 限速|节流
tools | 工具
train(?:s|ed|ing)? | (?<!后)训练(?!后|数据|集)
translat\w+ | 翻译
transparen\w+ | 透明
trust\w* | 信任|相信
understand\w*|understood | 理解|明白
updat\w+ | 更新
upload\w* | 上传
us(?:e|es|ed|ing) | 使用|采用|用到|借助|利用
user data|business data|customer data | 用户数据|企业数据|业务数据|客户数据
validat\w+ | 验证
vision | 视觉
wait(?:s|ed|ing)? | 等待|等候
watermark\w* | 水印
work(?:s|ed|ing)?|function(?:s|ed|ing)? | 奏效|正常工作|正常运行|正常使用|能用
     || broken|malfunction\w* | 失灵|出故障|坏了
worth | 值得|划算
write(?:s)?|written|wrote | 编写|写成
"""


_MEASURED = r"""
accuracy | 准确率|精度
bandwidth | 带宽
context(?: window)?s? | 上下文
costs?|expenses? | 成本|费用|开销
demand | 需求
efficiency | 效率|能效
error rates?|errors? | 错误率
gains | 增益
hallucinations?|hallucination rates? | 幻觉
headcount|workforce|staff | 员工|人手
latency|response times? | 延迟|时延
limits?|quotas? | 限额|额度|上限
margins? | 毛利率|利润率
market caps?|market value | 市值
memory|VRAM|RAM | 内存|显存
performance | (?<!内存)(?<!GPU)(?<!CPU)性能
power(?: draw| consumption| usage)? | 功耗
prices?|pricing | 价格|定价|售价
productivity | 生产力|生产率
quality | 质量
resources?|resource (?:use|usage) | 资源占用|资源消耗|资源
revenue|ARR | 营收|收入|ARR
scores? | 得分|分数|成绩
shares?|stock(?: prices?)? | 份额|股价
speed | 速度
throughput | 吞吐
token usage|usage|consumption | 用量|消耗
traffic | 流量
valuation | 估值
"""
_UP = (
    r"(?:increas\w+|higher|ris(?:e|es|en|ing)|rose|grow\w*|grew|climb\w*|jump\w*|surg\w+|hik\w+"
    r"|rais\w+|expand\w*|more(?! than)|larger|bigger|greater|longer|doubl\w+|tripl\w+|soar\w*"
    r"|boost\w*|up(?! to))"
)
_DOWN = (
    r"(?:decreas\w+|lower\w*|fall\w*|fell|drop\w*|declin\w+|reduc\w+|cut\w*|shr[aiu]nk\w*"
    r"|slash\w*|less(?! than)|fewer(?! than)|smaller|shorter|halv\w+|dip\w*|slip\w*|plung\w+"
    r"|sav(?:e|es|ing|ings)|down|loss(?:es)?|degrad\w+)"
)
_HAN_UP = (
    "(?:上升|上涨|上调|升[至到高]|[看大暴]涨|涨[了至到]?|增[至到加长大]|提[高升]|扩大|更[高大多长]"
    "|[略稍]高|飙升|攀升|翻[倍番]|走高)"
)
_HAN_DOWN = (
    "(?:下[降跌调滑]|降[至到低]|减[至到少半小]|[大暴]跌|跌[至到破]|缩[短小减]|更[低小少短]|[略稍]低"
    "|削减|压低|节省|走低|腰斩)"
)


class Predicate(NamedTuple):
    """One thing that is affirmed or denied, and its opposite, as patterns."""

    english: str
    chinese: str
    english_opposite: str = _NONE
    chinese_opposite: str = _NONE
    is_measured: bool = False
    """Whether it is about what goes up or down."""

    def in_english(self) -> re.Pattern[str]:
        """Find it, or its opposite as the group `opposite`, in English."""
        words = f"{self.english}|(?P<opposite>{self.english_opposite})"
        return _compiled(rf"(?<![\w-])(?:{words})(?!\w)", re.IGNORECASE)

    def in_chinese(self) -> re.Pattern[str]:
        """Find it, or its opposite as the group `opposite`, in Chinese."""
        return _compiled(f"(?P<opposite>{self.chinese_opposite})|{self.chinese}")


def predicates_in(chinese: str) -> Iterator[Predicate]:
    """Give the rows of which a text may have the Chinese."""
    for row, literals in _rows_with_literals():
        if any(literal in chinese for literal in literals):
            yield row


@cache
def _rows_with_literals() -> tuple[tuple[Predicate, tuple[str, ...]], ...]:
    """Give each row with words of which one stands wherever its Chinese is found."""
    rows = (*_rows(), *_measured())
    return tuple(
        (row, tuple(_LITERAL.findall(_OPEN.sub("|", row.chinese + "|" + row.chinese_opposite))))
        for row in rows
    )


_OPEN = re.compile(r"\(\?<?[!=][^)]*\)|\[[^\]]*\]|.\?|\{[^}]*\}")
_LITERAL = re.compile("[一-龥A-Za-z]+")
_compiled = cache(re.compile)
"""A digest needs few of the hundreds of patterns."""


def _rows() -> Iterator[Predicate]:
    for row in _TABLE.strip().replace("\n    ", "").splitlines():
        this, _, opposite = row.partition(" || ")
        english, chinese = this.split(" | ")
        english_opposite, _, chinese_opposite = opposite.partition(" | ")
        yield Predicate(english, chinese, english_opposite or _NONE, chinese_opposite or _NONE)


def _measured() -> Iterator[Predicate]:
    """Make rows of what goes up or down: higher prices, 价格上涨."""
    for row in _MEASURED.strip().splitlines():
        noun, han = row.split(" | ")
        yield Predicate(
            _with(noun, _UP),
            _with_han(han, _HAN_UP),
            _with(noun, _DOWN),
            _with_han(han, _HAN_DOWN),
            is_measured=True,
        )


def _with(noun: str, verb: str) -> str:
    no_word = r"and|but|while|as|with|when|after|by|from|to|that|for|than|at"
    words = rf"(?: (?!(?:{no_word}|{_UP}|{_DOWN})\b)[\w-]+){{0,3}}"
    return rf"{verb}{words} (?:{noun})|(?:{noun}){words} {verb}"


def _with_han(noun: str, verb: str) -> str:
    # In between goes nothing else up or down: 吞吐更高而延迟更低.
    other = f"(?!{_HAN_UP}|{_HAN_DOWN})"
    behind, before = (
        f"{other}[^，。；：、而但且却时]",
        f"{other}[^，。；：、而但且却时下换使令让致]",
    )
    return f"(?:{noun})(?:{behind}){{0,14}}{verb}|{verb}了?(?:{before}){{0,16}}(?:{noun})"

"""Countries and public bodies by their Chinese names, and what the evidence has for each.

Wide on purpose: `U.S.` may stand there as the Senate, or as Texas. Not covered: that a country has
to do with what is said of it.
"""

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

_TABLE = """
美国 | US | U.S | USA | United States | America | Washington | White House | Pentagon | Congress
  | Senat | House | federal | Federal | Biden | Trump | Obama | Harris | Vance | California
  | Texas | New York | Silicon Valley | San Francisco | SF | Bay Area | Virginia | Ohio | Arizona
  | Nevada | Oregon | Utah | Tennessee | Memphis | Florida | Boston | Seattle | Los Angeles
  | Michigan | Illinois | Colorado | Massachusetts | Pennsylvania | Georgia | Carolina | Wisconsin
  | Louisiana | Indiana | Kansas | Minnesota | Missouri | Abilene | FTC | SEC | FDA | FCC | DOJ
  | DoD | DoW | DOE | NSA | CIA | FBI | NASA | NIST | CAISI | DARPA | DHS | IRS | USPTO | CHIPS
  | Commerce | Treasury | Fed | BIS | Supreme Court | Department of | states | State | national
  | nation | dollar | Western | Wall Street | Nasdaq | NYSE | OpenAI | Anthropic | Google | Meta
  | Microsoft | Apple | Amazon | NVIDIA | Nvidia | xAI | Tesla | IBM | Intel | AMD | Palo Alto
  | San Diego | Sandiego | San Jose | Mountain View | Austin | Dallas | Atlanta | Army | Navy
  | Air Force | military | Hegseth | Sacks
中国 | China | Chinese | Beijing | Shanghai | Shenzhen | Hangzhou | Guangdong | PRC | CCP | CN
  | Sino | mainland | Tsinghua | Alibaba | Qwen | Moonshot | Kimi | Zhipu | Z.ai | GLM | DeepSeek
  | ByteDance | Baidu | Tencent | Hunyuan | Huawei | Ascend | Xiaomi | MiniMax | StepFun
  | Baichuan | Kuaishou | Kling | Meituan | Ant | inclusionAI | Unitree | SenseTime | iFlytek
  | Doubao | Manus | BAAI | 01.AI | Lenovo | BYD | SMIC | Cambricon | JD
  | XPENG | XPeng | NIO | DJI | Tongyi | Wan | Pangu | openPangu
英国 | UK | U.K | United Kingdom | Britain | British | England | English | London | Scot | Wales
  | Welsh | GB | Oxford | Cambridge | Ofcom | NHS | AISI | BBC | ARIA | CMA | £ | GBP | pounds
  | DeepMind | Arm | Stability
欧盟 | EU | E.U | European | Europe | Brussels | GDPR | DMA | DSA | AI Act
欧洲 | Europe | Euro | EU | E.U | EMEA | ESA | CERN | France | French | Paris | German | Berlin
  | UK | Britain | London | Ital | Spain | Spanish | Swed | Swiss | Switzerland | Netherlands
  | Dutch | Finland | Norway | Denmark | Ireland | Poland | Brussels | Mistral
法国 | FR | France | French | Paris | Macron | Mistral
德国 | DE | German | Berlin | Munich | Frankfurt | Deutsch | Black Forest | Aleph Alpha | SAP
意大利 | Ital | Rome | Milan
西班牙 | ES | Spain | Spanish | Spaniard | Madrid | Barcelona
葡萄牙 | Portug | Lisbon
荷兰 | NL | ASML | Netherlands | Dutch | Holland | Amsterdam | Hague
比利时 | BE | Belgi | Brussels
瑞士 | Swiss | Switzerland | Zurich | Geneva | Lausanne | ETH | EPFL
瑞典 | Swed | Stockholm
挪威 | Norw | Oslo
芬兰 | Finland | Finn | Helsinki
丹麦 | Denmark | Danish | Danes | Copenhagen
波兰 | Poland | Polish | Pole | Warsaw
奥地利 | Austria | Vienna
爱尔兰 | Ireland | Irish | Dublin
希腊 | Gree | Athens
捷克 | Czech | Prague
冰岛 | Iceland | Reykjav
俄罗斯 | Russia | Moscow | Kremlin | Soviet
乌克兰 | Ukrain | Kyiv | Kiev
以色列 | Israel | Tel Aviv | IDF | AI21
伊朗 | Iran | Tehran | Persian
土耳其 | Turk | Ankara | Istanbul
沙特 沙特阿拉伯 | Saudi | Riyadh | KSA | Humain | HUMAIN | NEOM | Aramco
阿联酋 | UAE | U.A.E | Emirat | Abu Dhabi | Dubai | G42 | MGX | Falcon | TII | MBZUAI
卡塔尔 | Qatar | Doha
埃及 | Egypt | Cairo
南非 | South Africa | Johannesburg | Cape Town
尼日利亚 | Nigeria | Lagos
肯尼亚 | Kenya | Nairobi
加拿大 | Canad | Toronto | Montreal | Vancouver | Ottawa | Waterloo | Quebec | Ontario
  | Cohere | Mila
墨西哥 | Mexic
巴西 | Brazil | Paulo | Brasil
阿根廷 | Argentin | Buenos
智利 | Chile | Santiago
澳大利亚 澳洲 | Austral | Aussie | Sydney | Melbourne
新西兰 | New Zealand | Kiwi | NZ | Auckland
印度 | India | Hindi | Delhi | Bengaluru | Bangalore | Mumbai | IIT | ₹ | Airtel
印度尼西亚 印尼 | Indonesia | Jakarta
巴基斯坦 | Pakistan
日本 | Japan | Tokyo | Osaka | Kyoto | Nikkei | yen | SoftBank | Sakana | Sony | Toyota | Rapidus
  | Hokkaido
韩国 | Korea | Seoul | KAIST | won | Samsung | SK | Hynix | Naver | LG
朝鲜 | North Korea | DPRK | Pyongyang | Korea
新加坡 | Singapore | NUS | NTU
马来西亚 | Malaysia | Johor | Kuala Lumpur
泰国 | Thai | Bangkok
越南 | Vietnam | Viet | Hanoi
菲律宾 | Philippin | Filipin | Manila
白宫 | White House | WH | Trump | Biden | administration | Administration | OSTP | presiden
  | Presiden
商务部 | Commerce | MOFCOM | BIS
司法部 | Justice | DOJ
国防部 | Defense | Defence | Pentagon | War | DoD | DOD | DoW | MoD | military
能源部 | Energy | DOE
财政部 | Treasury | Finance
美联储 | Fed | Federal Reserve
联合国 | UN | U.N | United Nations | UNESCO | UNICEF
世卫组织 世界卫生组织 | WHO | World Health
北约 | NATO
最高法院 | Supreme | SCOTUS
"""
_OTHER_WORDS = """
其中国 当中国 手中国 完美国 精英国 合法国 司法国 方法国 道德国 今日本 每日本 次日本 当日本 日本地
日本机 日本次 中国家 中国产 中国内 中国际 美国家 法国家 德国家 英国家 美国产 意大利润 明智利
理智利 智利用 智利益 南非常 跨越南 超越南 穿越南 增加拿大 用以色列 南非洲 中国别
美国东部 美国西部 美国中部 欧洲中部 印度时间 印度标准 英国时间 日本时间 韩国时间 联合国内 联合国际
联合国产 能源部门 能源部署 司法部门 商务部门 财政部门 国防部门 国防部署 东北约 西北约 湖北约 河北约
"""


class Place(NamedTuple):
    """One country or public body."""

    english: str
    """What it is called most often."""
    evidence: re.Pattern[str]
    """Whatever it may stand for."""


def find_places(text: str) -> Iterator[tuple[str, Place]]:
    """Find the countries and public bodies of a Chinese text, each with what evidence it needs."""
    places, any_name = _places()
    for found in any_name.finditer(text):
        if place := places.get(found.group()):
            yield found.group(), place


@cache
def _places() -> tuple[dict[str, Place], re.Pattern[str]]:
    places = {}
    for row in re.sub(r"\n +\|", " |", _TABLE.strip()).splitlines():
        chinese, *forms = (part.strip() for part in row.split("|"))
        evidence = re.compile(rf"(?<![A-Za-z])(?:{'|'.join(map(_prefix, forms))})")
        places.update(dict.fromkeys(chinese.split(), Place(forms[0], evidence)))
    words = sorted({*places, *_OTHER_WORDS.split()}, key=len, reverse=True)
    return places, re.compile("|".join(words))


def _prefix(form: str) -> str:
    """Match a form with whatever ends it; capitals alone are a word: US, and no USB."""
    whole = form.isupper() or len(form) <= 3  # noqa: PLR2004 - Fed, won
    return re.escape(form) + ("(?![A-Za-z])" if whole else "")

"""Words of rows that are computed from other rows: totals, averages, growth. Words alone prove little in a name."""

from __future__ import annotations

import re
from enum import IntEnum
from functools import lru_cache

from opsbook.schemas.spelling import folded

_LONGEST = 80
_TOTAL = r"(?:合计|总计|小计|共计|总和|汇总|累计|合共|总合|合计数|总计数|小[结結])"
_OF = (  # what a total is of: a period, a page, an order
    r"(?:(?:20)?\d{2}年|\d{1,2}月份?|第?[一二三四1-4]季度?|q[1-4]|第?\d{1,2}周|[本当全各每]?(?:年|月|周|日|天|季|页|组|单|笔|行|列|期|店)|上半年|下半年|"
    r"半年|月度|季度|年度|本页|本次|订单|单据|账户|账号|全部|所有|全店|店铺|分组|项目|数据|费用|金额|数量|\s)*"
)
_AFTER = r"\s*[:：]?\s*(?:\(.*\)|[\d.,¥$€%]+\s*[笔单个条行项件元天]?|[:：].*)?"
_PURE = re.compile(
    rf"{_OF}{_TOTAL}{_AFTER}|[(]{_TOTAL}[)]|共\s*\d+\s*[笔单条个件项行].*|全部账[号户]{_AFTER}"
    r"|(?:(?:grand|page|overall|order|running|monthly|weekly|daily|yearly|annual|quarterly|final|the)[\s-]+)*"
    r"(?:sub[\s-]?)?totals?\s*(?:[:(].*|[\d.,]+.*)?|sum\s*[:(]?.{0,0}|sum total|in total",
)
_EDGE = re.compile(
    rf".*\S{_TOTAL}{_AFTER}|.*[\s\-:_(/]{_TOTAL}{_AFTER}|{_TOTAL}[\s\-:_(/].*"
    r"|(?:sub[\s-]?|grand\s)?totals?\s(?:for|of)\s.*|.*\S[\s\-:_(/](?:sub[\s-]?|grand\s)?totals?\)?:?"
)
_INSIDE = re.compile(rf".*(?:{_TOTAL}|\b(?:sub-?)?totals?\b).*")
_ALL_OF = {
    "plan": r"(?:推广|广告)?计划|推广|广告|账[号户]|帐[号户]|(?:ad\s)?(?:plans?|campaigns?|accounts?)",
    "product": r"(?:推广)?(?:产品|商品|款|货品)|products?|items?|skus?",
    "channel": r"(?:流量)?(?:渠道|来源)|流量|channels?|sources?|traffic",
    "keyword": r"(?:关键)?词|keywords?|terms?",
    "country": r"国家|地区|国家/地区|市场|countries|regions?|markets?",
    "order": r"订单|orders?",
    "buyer": r"客户|买家|customers?|buyers?",
    "owner": r"业务员|员工|负责人|人员|staff|sales",
}
_ALL = r"(?:全部|所有|全体|整体|总体|全店|all|overall|every)\s*(?:的)?\s*"
_ALL_PATTERNS = {name: re.compile(rf"{_ALL}(?:{nouns})(?:\(.*\))?:?") for name, nouns in _ALL_OF.items()}
_ANY_ALL = re.compile(rf"{_ALL}(?:{'|'.join(_ALL_OF.values())})?(?:\(.*\))?:?")
_COMPUTED = re.compile(
    r"(?:(?:与|较|比|同)?(?:去年|上年|上月|上周|上季度?|上期|同期)){1,2}(?:同期|相比|比较|对比|数据|增[长幅减])*|(?:同比|环比)(?:去年|上年|上月|上周|上季度?|上期|同期)?(?:增[长减]|变化)?[率额量值]?"
    r"|(?:与|较|比)?(?:去年|上年)同期(?:相比|比较|对比)?|增[减长加][额量值数]|标准偏?差|方差|(?:vs\.?|versus|compared (?:to|with)) .*|(?:prior|previous|last) (?:year|month|week|period|quarter)s?"
    r"|std\.?\s?(?:dev\.?|deviation)?|stdev|standard deviation|(?:20\d\d\s*年?)?(?:年度|月度)?目标|(?:target|goal|budget|forecast)s?(?: (?:for )?20\d\d)|预算|(?:y|m|w|q)to(?:y|m|w|q)"
    r"|(?:月|日|周|季|年|每[月日周天])?(?:平均|均值|平均值|平均数|均)|(?:avg|averages?|mean|median)\b.*"
    r"|.{0,6}(?:同比|环比)(?:增[长速幅]|变化|涨幅|增减|升降)?[率值]?|(?:较|比|与)上[月周年期季].{0,4}|(?:增[长速幅]|涨幅|降幅|变化|增减)[率值]?"
    r"|(?:yoy|mom|wow|qoq|y/y|m/m)\b.*|(?:growth|change|increase|% change|difference|variance)(?:\srate)?"
    r"|(?:最[大小高低]|中位|峰|标准)[值数差]?|(?:max|min)(?:imum)?|占比|比例|比重|share|差[异额值]|(?:年度|月度)?目标[值数]?|targets?|goals?"
    r"|(?:完成|达成|目标完成|目标达成)[率度]|(?:同行|行业)(?:平均|均值|优秀)",
)
_WHOLE = re.compile(
    r"全年|上半年|下半年|半年|年度|全期|全部|整体|总体|ytd|year to date|full year|first half|second half|h1|h2"
)
_MAYBE_HAN = re.compile(
    "[计計总總汇匯彙共累纍合全所整均比增降變变最中峰标標占佔例差目完达達同行較较与上半年结結预預]"
)
_MAYBE_LATIN = re.compile(
    "total|sum|all|every|avg|average|mean|median|yoy|mom|wow|qoq|y/y|m/m|growth|change|increase|differ|varian|share|"
    "max|min|target|goal|ytd|year|half|h1|h2|std|standard|vs|versus|compar|last|prior|previous|budget|forecast|toy|tom|tow|toq"
)
_BETWEEN = re.compile(r"(?<=[\u4e00-\u9fff]) (?=[\u4e00-\u9fff])")  # 合 计
_BRACKET_UNIT = re.compile(r"\s*\([^()]{0,8}\)$")


class TotalWord(IntEnum):
    """How much a text says that its row is computed from others."""

    NONE = 0
    INSIDE = 1  # the word is a part of a name: 合计算器, total station
    EDGE = 2  # a name with the word at its end, or 全部 alone: Boots 小计, 全部
    ALL = 3  # all of what the column names: 全部计划 among plans
    COMPUTED = 4  # an average, growth, a target: 平均值, 环比
    TOTAL = 5  # a total, whatever stands in the column: 合计, 3月合计, Grand Total


@lru_cache(maxsize=50_000)
def total_word(text: str) -> TotalWord:
    """Return what a cell of words says of its row."""
    plain = plain_words(text)
    if not plain:
        return TotalWord.NONE
    if _PURE.fullmatch(plain):
        return TotalWord.TOTAL
    if _COMPUTED.fullmatch(plain) or _COMPUTED.fullmatch(_BRACKET_UNIT.sub("", plain).rstrip(":")):
        return TotalWord.COMPUTED
    if _EDGE.fullmatch(plain) or _ANY_ALL.fullmatch(plain):
        return TotalWord.EDGE
    return TotalWord.INSIDE if _INSIDE.fullmatch(plain) else TotalWord.NONE


def all_of(text: str, entity: str) -> bool:
    """Whether a text says all of what its column names: 全部计划 in a column of plans."""
    pattern = _ALL_PATTERNS.get(entity)
    return bool(pattern and pattern.fullmatch(plain_words(text)))


def no_period(text: str) -> bool:
    """Whether a text in a column of periods or ids names a computed row: totals, averages, 全年."""
    plain = plain_words(text)
    if not plain:
        return False
    return total_word(text) in (TotalWord.TOTAL, TotalWord.COMPUTED, TotalWord.EDGE) or bool(
        _WHOLE.fullmatch(plain)
    )


def has_latin(text: str) -> bool:
    """Whether the words are English: buyers search for `total`, never for 合计."""
    return any("a" <= char <= "z" for char in plain_words(text))


def plain_words(text: str) -> str:
    """Return a text for comparison; empty where it is plainly a number, a date or an id."""
    if not 0 < len(text) <= _LONGEST or (text[0].isdigit() and text[-1].isdigit()) or not _maybe(text):
        return ""
    return _BETWEEN.sub("", " ".join(folded(text).split()).casefold())


def _maybe(text: str) -> bool:
    """Whether a text can have a word of totals: most names have none and are not looked at more closely."""
    if text.isascii():
        return bool(_MAYBE_LATIN.search(text.lower()))
    return bool(_MAYBE_HAN.search(text) or _MAYBE_LATIN.search(text.lower()))

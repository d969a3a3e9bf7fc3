"""What translators call their columns, and what they write in them: one table each, to be added to."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import cache

from glossary.model import vocabulary
from glossary.text.fold import has_han, simplified

LANGUAGES = ("zh", *vocabulary.LANGUAGES)
"""Columns of terms. ``zh`` is Chinese in whatever script each cell is in."""
ABOUT_TERM = ("reading", "note", "source", "status", "origin", "equivalence", "type")
ABOUT_ENTRY = (
    "id",
    "domain",
    "kind",
    "jurisdiction",
    "lifecycle",
    "definition_en",
    "definition_zh",
    "definition_basis",
    "usage_note",
    "review",
)
BY_CELLS = ("text", "definition")
"""Columns whose language their cells tell."""
IGNORED = "ignore"
_FIRST = frozenset((*LANGUAGES, "text", "source"))
"""One of these is among the columns of a header."""
FIELDS = (*LANGUAGES, *ABOUT_TERM, *ABOUT_ENTRY, *BY_CELLS, IGNORED)
"""All that a column can be."""

LONGEST_HEADING = 60

MARKS: dict[tuple[str, str], str] = {
    (
        "",
        "",
    ): "推荐 首选 优先 建议 规范 标准 统一 通用 官方 正式 参考 preferred|recommended|approved|standard|official|main|primary|suggested",
    (
        "status",
        "admitted",
    ): "备选 可用 许用 允许 可选 次选 其他 其它 另 同义词 别称 又称 admitted|allowed|alternative|alternate|secondary|other|further|synonyms|synonym",
    ("status", "superseded"): "旧称 旧译 旧名 旧 曾用名 曾用 former|old|obsolete|superseded|previous",
    (
        "status",
        "deprecated",
    ): "禁用 禁止使用 禁止 不推荐 不建议 不宜 不当 不用 避免 勿用 错误 误 deprecated|forbidden|prohibited|not recommended|avoid|do not use|rejected|wrong|incorrect",
    ("type", "abbreviation"): "缩写 缩略语 缩略 abbreviation|abbreviations|acronym",
    ("type", "short"): "简称 short",
    ("type", "full"): "全称 full",
}
"""Words in the heading of a column of terms, and the cell that each of its terms has by that; the same spelling as `HEADINGS`."""

HEADINGS: dict[str, str] = {
    "zh": "中 中文 中文名称 中文术语 中文名 中文词汇 中文词语 中文词目 中文译名 中文译法 中文译文 中文对应 汉译 汉译名 中文词条 中文词 中文原文 中文表述 汉语 汉语术语 汉语词条 汉语译名 华语 中国語 中国语 chinese|chinese term|chinese name|zh|zho|chi|cn|term zh|zh term|chinesisch|chinois|chino|chinês|китайский|китайский язык",
    "zh-Hans": "简体 简体中文 中文简体 简体字 简中 大陆 大陆用语 大陆译名 大陆译法 zh-Hans|zh-CN|zh-SG|zh-Hans-CN|zhs|chs|chinese simplified|simplified|simplified chinese|chinese prc|chinese china|chinese (simplified, china)|chinese (prc)|term zh hans|hans|chinesisch vereinfacht|chinesisch kurzzeichen|chinois simplifié|chino simplificado",
    "zh-Hant": "繁体 繁体中文 中文繁体 繁体字 正体 正体中文 正体字 繁中 台湾 台湾用语 台湾译名 台湾译法 香港用语 香港译名 香港译法 港台译名 港台译法 港台用语 zh-Hant|zh-TW|zh-HK|zh-MO|zh-Hant-TW|zh-Hant-HK|zht|cht|chinese traditional|traditional|traditional chinese|chinese taiwan|chinese hong kong|chinese hong kong sar|chinese (traditional, taiwan)|chinese (taiwan)|term zh hant|hant|chinesisch traditionell|chinesisch langzeichen|chinois traditionnel|chino tradicional",
    "en": "英 英文 英文名称 英文术语 英文名 英文译名 英文译文 英文翻译 英文词条 英文词汇 英文译法 英文译词 英文表述 英文表达 英文对应 英文对应词 英译 英译名 英译文 英译法 英语 英语名称 英语术语 英语词条 英语译名 英语译文 英语译法 英语翻译 英语表达 英语对应词 english|english term|english translation|english rendering|english name|english equivalent|en|eng|en-US|en-GB|english us|english uk|english united states|english united kingdom|english (united states)|english (united kingdom)|term en|en term|englisch|anglais|inglés|inglês|английский|английский язык",
    "de": "德文 德语 德译 德文译法 德文译名 德语译名 德语译法 german|deutsch|german germany|german term|de|ger|deu|de-DE|de-AT|de-CH|term de|allemand|alemán",
    "fr": "法文 法语 法译 法文译法 法文译名 法语译名 法语译法 french|français|french france|french term|fr|fre|fra|fr-FR|fr-CH|fr-CA|term fr|französisch|francés",
    "es": "西班牙文 西班牙语 西文 spanish|español|spanish spain|spanish term|es|spa|es-ES|es-MX|term es|spanisch|espagnol|castellano",
    "pt": "葡文 葡萄牙文 葡萄牙语 portuguese|português|portuguese portugal|portuguese term|pt|por|pt-PT|pt-BR|term pt|portugiesisch|portugais",
    "ru": "俄文 俄语 俄译 俄文译法 俄文译名 俄语译名 俄语译法 russian|русский|русский язык|russian russia|russian term|ru|rus|ru-RU|term ru|russisch|russe",
    "ja": "日文 日语 日本語 日本语 日译 日文译法 日文译名 日语译名 日语译法 japanese|japanese japan|japanese term|ja|jp|jpn|ja-JP|term ja|japanisch|japonais|japonés",
    "ko": "韩文 韩语 朝鲜语 한국어 korean|korean korea|korean term|ko|kr|kor|ko-KR|term ko|koreanisch|coréen|coreano",
    "text": "术语 术语名称 词条 词目 词汇 词语 名词 名称 条目 原文 原语 原词 原文术语 源语 源语言 源文 源词 译文 译名 译法 译词 译语 译入语 目标语 目标语言 目的语 翻译 对应词 对应译名 同义词 别称 又称 简称 缩写 缩略语 旧称 旧译 旧名 曾用名 曾用译名 terms|term|source term|target term|target|synonym|synonyms|abbreviation|acronym|translation|translations|rendering|renderings|equivalent|equivalents|source text|target text|headword|terminus|begriff|ausgangssprache|zielsprache|quellbegriff|zielbegriff|übersetzung|ziel|quelle term|terme|terme source|terme cible|traduction|cible|término|traducción|термин|перевод",
    "reading": "拼音 汉语拼音 读音 注音 发音 reading|readings|pinyin|hanyu pinyin|pronunciation|romanization|romanisation|transcription|umschrift|aussprache|lesung|prononciation|pronunciación|kana|пиньинь",
    "note": "备注 注 译注 译者注 注意 注意事项 注释 注解 说明 附注 备考 评论 note|notes|comment|comments|remark|remarks|annotation|developer comments|term note|translator's note|translator note|anmerkung|anmerkungen|bemerkung|bemerkungen|kommentar|notiz|remarque|remarques|commentaire|notas|nota|observaciones|примечание|комментарий",
    "usage_note": "用法 用法说明 使用说明 使用注意 usage|usage note|usage notes|entry note of usage|verwendung|gebrauch|emploi|uso",
    "source": "出处 来源 依据 参考 参考文献 参考资料 资料来源 译法来源 文献 法律依据 法条 法条依据 法规依据 source|sources|reference|references|ref|citation|source of term|legal basis|quelle|quellen|fundstelle|beleg|rechtsgrundlage|référence|références|fuente|referencia|источник",
    "status": "状态 使用状态 推荐 status|usage status|term status|administrative status|approved|statut|estado|статус",
    "origin": "译名来源 译者 origin|authority|provenance|herkunft|origine|procedencia",
    "equivalence": "对应程度 等值 对等程度 equivalence|degree of equivalence|äquivalenz|équivalence|equivalencia",
    "type": "词形 类型 形式 type|term type|form|termtyp|benennungstyp|type de terme",
    "id": "编码 词条编号 id|entry id|glossary id|context",
    "domain": "领域 所属领域 法律领域 学科 专业 学科领域 专业领域 部门法 法律部门 分类 主题 domain|field|subject|subject field|subject area|entry subject|area|category|fachgebiet|sachgebiet|rechtsgebiet|bereich|domaine|campo|ámbito|область",
    "kind": "种类 概念类型 kind|kind of concept|art",
    "jurisdiction": "法域 法律体系 国家 国家地区 地区 适用地区 jurisdiction|legal order|legal system|country|country/region|region|rechtsordnung|land|juridiction|pays|jurisdicción|país|страна",
    "lifecycle": "效力 时效 lifecycle|in force|gültigkeit",
    "definition": "定义 释义 含义 解释 概念 definition|definitions|meaning|explanation|description|définition|definición|bedeutung|erklärung|определение",
    "definition_en": "英文定义 英文释义 definition en|english definition|definition english|english def|definition (english)",
    "definition_zh": "中文定义 中文释义 definition zh|chinese definition|definition chinese|chinese prc def|chinese def|definition (chinese)|definition in chinese|chinese simplified definition",
    "definition_basis": "definition basis|definition rests on",
    "review": "审校 审核 review|reviewed",
}
"""Known headings of each column: Chinese ones between spaces, then others between bars; traditional characters, case and
punctuation make no difference.
"""

VALUES: dict[str, dict[str, str]] = {
    "status": {
        "preferred": "首选 推荐 优先 规范 标准 yes|approved|standard|recommended|preferred term|bevorzugt|préféré|preferido",
        "admitted": "可用 许用 允许 同义 备选 accepted|allowed|acceptable|synonym|alternative|admitted term|zulässig|erlaubt|admis",
        "superseded": "旧称 旧译 旧译名 旧名 曾用 曾用名 曾译 原称 原译 旧 过时 已废止 废止 已被取代 obsolete|outdated|old|old name|former|formerly|former name|superseded term|historical|veraltet|obsolète",
        "deprecated": "禁用 禁止使用 不推荐 不建议 不建议使用 不宜 不宜使用 不当 不妥 不可用 避免 避免使用 错误 错 错译 误译 误用 不用 勿用 弃用 停用 误 no|forbidden|avoid|not recommended|not preferred|not approved|not accepted|do not use|don't use|never use|never|rejected|wrong|incorrect|error|mistranslation|misleading|discouraged|unacceptable|deprecated term|verboten|unzulässig|falsch|à éviter|interdit|faux|incorrecto|×|✗|✘",
    },
    "jurisdiction": {
        "CN": "中国 中国大陆 大陆 内地 中华人民共和国 china|prc|mainland|mainland china|people's republic of china|chn",
        "HK": "香港 香港特区 香港特别行政区 hong kong|hong kong sar|hksar|hkg",
        "MO": "澳门 澳门特区 澳门特别行政区 macau|macao|macao sar|mac",
        "TW": "台湾 台湾地区 中华民国 taiwan|roc|twn",
        "INT": "国际 国际法 联合国 international|international law|un|united nations",
    },
    "lifecycle": {
        "current": "现行 现行有效 有效 in force|valid|in use|yes",
        "historical": "已失效 失效 废止 历史 former|repealed|no longer in force|obsolete|no",
        "proposed": "草案 拟议 draft|planned|bill",
    },
    "equivalence": {
        "full": "完全对应 完全 对等 exact|complete|equivalent|=",
        "near": "近似 基本对应 近似对应 approximate|close|similar|≈|~",
        "partial": "部分对应 部分 partly|part|partially equivalent|teilweise",
        "none": "不对应 无对应 no equivalent|no equivalence|≠",
    },
    "type": {
        "full": "全称 全名 full form|full name|fullform|long form",
        "short": "简称 short form|short name|shortform",
        "abbreviation": "缩写 缩略 缩略语 abbr|abbr.|abbrev|acronym|initialism|abkürzung",
        "variant": "异体 异称 别称 又称 别名 also|alias|spelling variant",
        "former": "旧称 曾用名 原称 old name|former name",
    },
    "origin": {
        "statute": "法律 法条 立法 law|legislation",
        "official-translation": "官方 官方译名 官方翻译 official|official translation",
        "intergovernmental": "国际组织 联合国 un|igo",
        "scholarly": "学术 学者 论文 academic|scholar",
        "ngo": "非政府组织",
        "media": "媒体 新闻 报道 news|press",
        "editorial": "自译 编者 own|own translation|mine|editor",
    },
    "kind": {
        "body": "机构 机关 组织 organization|organisation|organ|agency|institution (body)",
        "concept": "概念 notion|idea",
        "institution": "制度 legal institution",
        "measure": "措施",
        "procedure": "程序 process",
        "offence": "罪名 犯罪 crime|offense",
        "penalty": "刑罚 处罚 punishment|sanction",
        "right": "权利",
        "document": "文书 文件 instrument",
        "system": "体系 系统",
        "policy": "政策",
        "role": "身份 职务 人员 person",
        "status": "状态 地位",
    },
    "review": {"draft": "草稿 未审 待审 unreviewed", "reviewed": "已审 已审核 checked"},
    "definition_basis": {"statutory": "法定 law|statute", "doctrinal": "学理 doctrine", "editorial": "自拟 own"},
}
"""Ways to write the words of the closed vocabularies, beside the words themselves; the same spelling as `HEADINGS`."""

PLACES = frozenset(
    ("US", "USA", "UK", "GB", "EU", "UN", "PRC", "ROC", "CN", "HK", "HKSAR", "MO", "TW", "SG", "JP", "KR", "DE", "FR", "CA", "AU")
)  # fmt: skip
"""Capitals behind a form that say where it is used."""


def heading_key(text: str) -> str:
    """A heading or value as it is compared: NFKC, simplified, lower case, letters and digits only (all of it if none)."""
    folded = simplified(unicodedata.normalize("NFKC", text)).casefold().strip()
    return "".join(char for char in folded if char.isalnum()) or folded


def field_of(heading: str) -> str:
    """What a column of this heading is, one of `FIELDS`, or empty. A heading in two languages (中文 Chinese) is known where
    its parts agree, or where one of them alone is known.
    """
    known = _known()
    whole = known.get(heading_key(heading), "")
    if whole:
        return whole
    parts = [part for part in re.split(r"[\n/|()（）【】\[\]]", heading) if part.strip()]
    parts = parts if len(parts) > 1 else _by_writing(heading)
    found = {known[key] for part in parts if (key := heading_key(part)) in known}
    if "definition" in found and found & {"zh", "en"}:  # 定义（中文）
        found = {f"definition_{lang}" for lang in found & {"zh", "en"}}
    if len(found) > 1:
        found -= set(BY_CELLS)  # Term (English)
    if found or any(attribute_of(heading)):
        return found.pop() if len(found) == 1 else ""
    rest = known.get(_marked(heading_key(heading))[1], "")
    return rest if rest == "text" or rest in LANGUAGES else ""


def mark_of(heading: str) -> tuple[str, str]:
    """(column, cell) that every term below this heading has, or two empty texts: 禁用译法 has only deprecated ones."""
    return _marked(heading_key(heading))[0]


def _marked(key: str) -> tuple[tuple[str, str], str]:
    """The longest mark in a heading, and the heading without it."""
    word = max((word for word in _marks() if word in key), key=len, default="")
    return _marks().get(word, ("", "")), key.replace(word, "", 1) if word else ""


def attribute_of(heading: str) -> tuple[str, str]:
    """(language, field) of a heading that names both: ``English note``, ``中文来源``; else two empty texts."""
    known, key = _known(), heading_key(heading)
    for end in range(len(key) - 1, 1, -1):
        lang, field = known.get(key[:end], ""), known.get(key[end:], "")
        if lang in LANGUAGES and field in ABOUT_TERM:
            return lang, field
    return "", ""


def is_header(cells: Sequence[str]) -> int:
    """How many different known headings these cells are; 0 where that is less than two, or none of them is a language."""
    keys = {heading_key(cell): cell for cell in cells if 0 < len(cell) <= LONGEST_HEADING}
    found = [field_of(cell) or "".join(attribute_of(cell)) for cell in keys.values()]
    return sum(map(bool, found)) if sum(map(bool, found)) > 1 and not _FIRST.isdisjoint(found) else 0


def value_of(field: str, text: str) -> str:
    """The word of the closed vocabulary of a column that this text means, or empty."""
    return _meanings(field).get(heading_key(text), "")


def verdict_of(remark: str) -> str:
    """The status that a remark gives a form, the worst where its parts give several: ``禁用，见通知`` is deprecated."""
    said = {value_of("status", part) for part in re.split("[,，、;；。!！]", remark)}
    return next((status for status in reversed(VALUES["status"]) if status in said), "")


def _by_writing(heading: str) -> list[str]:
    """``中文Chinese`` → its Chinese part and the rest."""
    han = "".join(char for char in heading if has_han(char))
    return [han, "".join(" " if has_han(char) else char for char in heading)] if han else []


def _spelled(text: str) -> list[str]:
    """The headings of one line of the tables: Chinese words, each ended by a space; the rest between bars."""
    first, *others = text.split("|")
    *chinese, last = re.split(r"(?<=[\u4e00-\u9fff\u3040-\u30ff\uac00-\ud7a3]) ", first)
    return [*chinese, last, *others]


@cache
def _known() -> dict[str, str]:
    names = {heading_key(name): field for field, text in HEADINGS.items() for name in _spelled(text)}
    return names | {heading_key(field): field for field in FIELDS if field not in ("text", "definition")}


@cache
def _marks() -> dict[str, tuple[str, str]]:
    return {heading_key(name): mark for mark, text in MARKS.items() for name in _spelled(text)}


@cache
def _meanings(field: str) -> dict[str, str]:
    table = VALUES[field]
    return {heading_key(name): value for value, text in table.items() for name in (value, *_spelled(text))}

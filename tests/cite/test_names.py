"""Names in the many ways in which sources write them."""

import pytest

from glossary.cite.names import bodies, people

WRITTEN = [
    ("Mu Lin; Nina Sun; Joseph J. Amon", ["Lin, Mu", "Sun, Nina", "Amon, Joseph J."]),
    ("王敏远、李嘉", ["Wang Minyuan", "Li Jia"]),
    ("田梅丽, 徐杰, 罗巍", ["Tian Meili", "Xu Jie", "Luo Wei"]),
    ("Bu, Qingxiu", ["Bu, Qingxiu"]),
    ("Hu, Jieren; Zheng, Yang", ["Hu, Jieren", "Zheng, Yang"]),
    ("Tzu-Hsuan Liu, Spencer De Li, Ruoshan Xiong", ["Liu, Tzu-Hsuan", "Li, Spencer De", "Xiong, Ruoshan"]),
    ("Mei Yang, Liang Zhou, Wei Hao, Shui-Yuan Xiao", ["Yang, Mei", "Zhou, Liang", "Hao, Wei", "Xiao, Shui-Yuan"]),
    ("Yuhua Wang and Carl Minzner", ["Wang, Yuhua", "Minzner, Carl"]),
    ("CHENG Lei", ["Cheng Lei"]),
    ("Sun Shiyan", ["Sun Shiyan"]),
    ("Enshen Li", ["Li, Enshen"]),
    ("Ling Li", ["Li, Ling"]),
    ("Zhou Qiang", ["Zhou Qiang"]),
    ("Lynette Ong", ["Ong, Lynette"]),
    ("吴尊友, Nicolas Clark", ["Wu Zunyou", "Clark, Nicolas"]),
    ("单伟建", ["Shan Weijian"]),
    ("欧阳修", ["Ouyang Xiu"]),
    ("А. А. Диченко; К. А. Колесников", ["Диченко, А. А.", "Колесников, К. А."]),
    ("Dui Hua Foundation", ["Dui Hua Foundation"]),
    ("Caritas Lok Heep Club, Hong Kong", ["Caritas Lok Heep Club, Hong Kong"]),
    (
        "Office of China National Narcotics Control Commission",
        ["Office of China National Narcotics Control Commission"],
    ),
    ("Xinhua", ["Xinhua"]),
    ("森・濱田松本法律事務所", ["森・濱田松本法律事務所"]),
    ("Юань И", ["Юань И"]),
]


@pytest.mark.parametrize(("text", "names"), WRITTEN)
def test_every_name_stands_as_an_alphabetical_list_has_it(text, names):
    found = people(text)
    assert [name.inverted if not name.body else name.chinese for name in found.names] == names
    assert not found.others


def test_more_authors_and_roles_are_known():
    assert people("Wang Minyuan et al.").others
    assert [name.roman for name in people("Yi Ma, Chunhua Du, Thomas Cai, et al.").names] == ["Yi Ma", "Chunhua Du", "Thomas Cai"]  # fmt: skip
    translators = people("Whitmore Gray; Henry Ruiheng Zheng (translators)")
    assert translators.role == "translator" and [name.family for name in translators.names] == ["Gray", "Zheng"]
    assert people("  ").names == ()


def test_bodies_have_a_name_in_both_languages_and_remarks_are_no_part_of_it():
    (first, second), reviser = bodies("State Council; Central Military Commission")
    assert (first.chinese, second.chinese, reviser) == ("国务院", "中央军事委员会", "")
    (one,), reviser = bodies(
        "Ministry of Public Security (approved by the State Council); revised by the State Council"
    )
    assert (one.chinese, one.short, reviser) == ("公安部", "Ministry of Pub. Sec.", "State Council")
    assert [name.roman for name in bodies("公安部、司法部")[0]] == [
        "Ministry of Public Security",
        "Ministry of Justice",
    ]
    assert bodies("某市某局")[0][0].roman == "Mou Shi Mou Ju"

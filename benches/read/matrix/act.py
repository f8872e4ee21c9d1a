"""The act that every file of the matrix shows: fictional, two pages, on the first of a month.

`1^` is « 1er », the « er » raised where the defect asks for it.
"""

NAME = "Camille Exemple"
SECRET = "Jeanne Delta"
# Stands nowhere on the paper.
UNSEEN = "Nadège Oubli"
FOOTER = (
    "26_Préf_Préfecture de la Drôme / Cabinet / Direction des sécurités / Bureau de la sécurité intérieure - "
    "26-2026-05-29-00003 - Arrêté autorisant la captation, l'enregistrement et la transmission d'images au "
    "moyen de caméras installées sur des aéronefs à l'occasion des fêtes de juin sur le territoire des "
    "communes de Crest, Die et Valence du lundi 1er juin 2026 à 8 heures au mardi 30 juin 2026 à 20 heures"
)
STAMP = ("Envoyé en préfecture le 30/05/2026", "Reçu en préfecture le 30/05/2026", "Publié le 31/05/2026")

_WHY = (
    "Considérant que les dispositions de l’article L. 242-5 permettent aux forces de l’ordre de mettre en œuvre "
    "ces traitements au titre de la sécurité des rassemblements de personnes sur la voie publique ; qu’une fête "
    "attirera un afflux de personnes à Crest ; qu’aucun dispositif moins intrusif n’est efficace ;"
)
PAGES = [
    [
        "PRÉFET DE LA DRÔME",
        "Arrêté n° 26-2026-05-29-00003 autorisant du 1^ au 30 juin 2026 la captation, l’enregistrement et la "
        "transmission d’images au moyen de caméras installées sur des aéronefs",
        "Le préfet de la Drôme, chevalier de l’ordre national du Mérite,",
        "Vu le code de la sécurité intérieure, notamment ses articles L. 242-1 à L. 242-8 ;",
        "Vu la demande formée le 4 mai 2026 par le groupement de gendarmerie départementale ;",
        _WHY,
        _WHY,
        f"Considérant la demande de {SECRET} ;",
        "ARRÊTE",
    ],
    [
        "Article 1^ : La captation, l’enregistrement et la transmission d’images par le groupement de "
        "gendarmerie départementale de la Drôme sont autorisés au titre de la sécurité des rassemblements de "
        "personnes, sur le territoire de la commune de Crest, du 1^ juin 2026 à 8 h 00 au 30 juin 2026 à 20 h 00.",
        "Article 2 : Le nombre maximal de caméras pouvant procéder simultanément aux traitements est fixé à deux.",
        "Article 3 : La présente autorisation est limitée au périmètre figurant sur le plan annexé.",
        "Article 4 : Le présent arrêté est publié par tout moyen.",
        "Fait à Valence, le 29 mai 2026",
        "Le préfet,",
        NAME,
    ],
]


def plain(text):
    return text.replace("1^", "1er")


def words(pages=PAGES, without=()):
    """What a perfect reader finds, page by page."""
    texts = ["\n".join(plain(line) for line in page) for page in pages]
    for hidden in without:
        texts = [text.replace(hidden, "") for text in texts]
    return texts


def right(acts):
    """What of an act's facts and flags is as the paper has it."""
    found = acts[0] if acts else {"act": {}, "facts": {}, "flags": []}
    facts, flags = found["facts"], [(flag["category"], flag["level"]) for flag in found["flags"]]
    return {
        "flag": ("drone", "authorises") in flags,
        "dates": [str(value)[:10] for value in (
            facts.get("valid_from"), facts.get("valid_to"), found["act"].get("signed_on"))
        ] == ["2026-06-01", "2026-06-30", "2026-05-29"],
    }

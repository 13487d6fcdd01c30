"""Who the sample company is: Ardoise Logiciels, invoicing software for French firms.

Every name here is invented. Shares in the tables are weights, not percentages.
"""

from __future__ import annotations

from dataclasses import dataclass

NAME = "Ardoise Logiciels"
CURRENCY = "EUR"
RIVAL = "Quadrille"  # the competitor of the story
OTHER_RIVALS = ("Pyxis", "Maestria", "Tableur maison")

DIRECTION = "direction"
PROSPECTING = "prospection"
SME = "pme"
KEY_ACCOUNTS = "grands-comptes"
RETENTION = "fidelisation"

# team_id, name, parent_id, purpose
TEAMS = (
    (DIRECTION, "Direction commerciale", None, "direction"),
    (PROSPECTING, "Prospection", DIRECTION, "prospecting"),
    (SME, "Commerce PME", DIRECTION, "new business"),
    (KEY_ACCOUNTS, "Grands comptes", DIRECTION, "new business"),
    (RETENTION, "Fidélisation", DIRECTION, "retention"),
)


@dataclass(frozen=True, slots=True)
class Person:
    """One member of the sales force; days are counted back from the day given.

    `skill` multiplies the chance of winning, `diligence` the entries in the CRM.
    """

    person_id: str
    name: str
    role: str
    team_id: str
    joined_days_ago: int
    left_days_ago: int | None = None
    skill: float = 1.0
    diligence: float = 1.0
    capacity: str = "1"
    former_team: str | None = None
    moved_days_ago: int = 0


DIRECTOR = "P01"
MANAGERS = {
    DIRECTION: "P01",
    PROSPECTING: "P02",
    SME: "P03",
    KEY_ACCOUNTS: "P04",
    RETENTION: "P05",
}
SALESPERSON = "P14"  # the salesperson who has a login

PEOPLE = (
    Person("P01", "Hélène Vasseur", "director", DIRECTION, 3100),
    Person("P02", "Karim Benali", "manager", PROSPECTING, 2300),
    Person("P03", "Claire Morel", "manager", SME, 2750),
    Person("P04", "Antoine Lefèvre", "manager", KEY_ACCOUNTS, 2600),
    Person("P05", "Sophie Renaud", "manager", RETENTION, 2450),
    Person("P06", "Inès Caron", "sdr", PROSPECTING, 1300, skill=1.15),
    Person("P07", "Lucas Fabre", "sdr", PROSPECTING, 1210),
    Person("P08", "Manon Picard", "sdr", PROSPECTING, 1650, skill=1.25),
    Person("P09", "Yanis Haddad", "sdr", PROSPECTING, 1400, skill=0.9),
    Person("P10", "Chloé Barbier", "sdr", PROSPECTING, 1800, diligence=0.09),
    Person("P11", "Enzo Marchand", "sdr", PROSPECTING, 61, skill=0.8),
    Person(
        "P12",
        "Thomas Girard",
        "ae",
        SME,
        1580,
        former_team=PROSPECTING,
        moved_days_ago=425,
    ),
    Person("P13", "Julie Perrin", "ae", SME, 2050, skill=1.3),
    Person("P14", "Nicolas Aubert", "ae", SME, 1720, skill=1.05),
    Person("P15", "Camille Roussel", "ae", SME, 1490),
    Person("P16", "Mehdi Amrani", "ae", SME, 1330, skill=1.15),
    Person("P17", "Laura Chevalier", "ae", SME, 1890, skill=0.85, capacity="0.8"),
    Person("P18", "Pierre Gauthier", "ae", SME, 2500, skill=0.8, diligence=0.05),
    Person("P19", "Sarah Lemoine", "ae", SME, 88, skill=0.9),
    Person("P20", "Damien Colin", "ae", SME, 1450, left_days_ago=152, skill=0.75),
    Person("P21", "Isabelle Fontaine", "kam", KEY_ACCOUNTS, 2800, skill=1.25),
    Person("P22", "Olivier Masson", "kam", KEY_ACCOUNTS, 2200),
    Person("P23", "Nadia Belkacem", "kam", KEY_ACCOUNTS, 1600, skill=1.1),
    Person("P24", "Guillaume Rey", "kam", KEY_ACCOUNTS, 1950, skill=0.85),
    Person("P25", "Marion Dufour", "kam", KEY_ACCOUNTS, 1310),
    Person("P26", "Élodie Brunet", "csm", RETENTION, 1700, skill=1.1),
    Person("P27", "Romain Leclerc", "csm", RETENTION, 1480),
    Person("P28", "Amélie Garnier", "csm", RETENTION, 2100, skill=1.2),
    Person("P29", "Hugo Lambert", "csm", RETENTION, 1350),
    Person("P30", "Fatou Diallo", "csm", RETENTION, 1620),
    Person("P31", "Vincent Meyer", "csm", RETENTION, 600, skill=0.9),
)

# product_id, name, line, offer, launched days ago, list price, cost
FACTURATION = "FAC-ESS"
PREMIUM = "FAC-PRE"
TREASURY = "PIL-TRE"
DASHBOARDS = "PIL-TDB"
SIGNATURE = "CPL-SIG"
E_INVOICE = "CPL-EFA"  # the one launched recently
SET_UP = "SRV-MES"
TRAINING = "SRV-FOR"
RECENT_DAYS = 160
PRODUCTS = (
    (FACTURATION, "Ardoise Facturation", "Gestion", "Essentiel", 2600, 3600, 650),
    (PREMIUM, "Ardoise Facturation Premium", "Gestion", "Premium", 1900, 7800, 1250),
    (TREASURY, "Ardoise Trésorerie", "Pilotage", "Complément", 1700, 4200, 760),
    (DASHBOARDS, "Ardoise Tableaux de bord", "Pilotage", "Complément", 1300, 2900, 480),
    (SIGNATURE, "Ardoise Signature", "Gestion", "Complément", 1150, 1500, 390),
    (
        E_INVOICE,
        "Ardoise Facture électronique",
        "Gestion",
        "Nouveauté",
        RECENT_DAYS,
        2400,
        420,
    ),
    (SET_UP, "Mise en service", "Services", "Service", 2600, 2200, 1400),
    (TRAINING, "Formation", "Services", "Service", 2600, 1100, 640),
)
SERVICES = (SET_UP, TRAINING)

SMALL = "PME"
MIDDLE = "ETI"
LARGE = "Grand compte"
SIZES = {
    SMALL: ("10-49", "50-249"),
    MIDDLE: ("250-999", "1000-4999"),
    LARGE: ("5000+",),
}
HEALTH = "Santé"  # the sector to be won within eighteen months
SECTORS = {
    "Industrie": 22,
    "BTP": 17,
    "Négoce": 18,
    "Services aux entreprises": 16,
    "Transport et logistique": 10,
    "Agroalimentaire": 9,
    HEALTH: 6,
    "Hôtellerie-restauration": 6,
}
# region, country, weight
REGIONS = (
    ("Île-de-France", "FR", 24),
    ("Auvergne-Rhône-Alpes", "FR", 18),
    ("Hauts-de-France", "FR", 9),
    ("Nouvelle-Aquitaine", "FR", 9),
    ("Occitanie", "FR", 9),
    ("Provence-Alpes-Côte d'Azur", "FR", 8),
    ("Grand Est", "FR", 7),
    ("Bretagne", "FR", 6),
    ("Wallonie", "BE", 4),
    ("Bruxelles", "BE", 2),
    ("Suisse romande", "CH", 4),
)
WEB = "web"  # the catalogue's name of it: web_conversion_rate
CHANNELS = {
    WEB: 28,
    "Prospection": 30,
    "Webinaire": 12,
    "Salon": 9,
    "Partenaire": 12,
    "Recommandation": 9,
}
LOST_REASONS = {
    "Prix": 26,
    "Pas de décision": 24,
    "Budget reporté": 16,
    "Fonction manquante": 12,
    "Calendrier": 10,
}
TRADES = {
    "Industrie": ("Ateliers", "Mécanique", "Fonderie", "Plasturgie", "Usinage"),
    "BTP": ("Bâtiments", "Charpentes", "Maçonnerie", "Travaux publics", "Toitures"),
    "Négoce": ("Comptoir", "Maison", "Distribution", "Négoce", "Entrepôts"),
    "Services aux entreprises": ("Cabinet", "Conseil", "Propreté", "Agence", "Études"),
    "Transport et logistique": ("Transports", "Messagerie", "Fret", "Logistique"),
    "Agroalimentaire": ("Laiterie", "Conserverie", "Biscuiterie", "Moulins"),
    HEALTH: ("Clinique", "Laboratoire", "Résidence", "Pôle santé"),
    "Hôtellerie-restauration": ("Hôtels", "Tables", "Auberges", "Brasseries"),
}
FAMILIES = [
    "Mercier",
    "Delorme",
    "Lambert",
    "Chauvin",
    "Poirier",
    "Baudry",
    "Tessier",
    "Carlier",
    "Joly",
    "Rivière",
    "Vallet",
    "Prévost",
    "Hamel",
    "Bouvier",
    "Lacroix",
    "Noël",
    "Guérin",
    "Pasquier",
    "Courtois",
    "Delattre",
    "Ferrand",
    "Imbert",
    "Jacquet",
    "Keller",
    "Launay",
    "Maillard",
    "Navarro",
    "Ollivier",
    "Pelletier",
    "Quentin",
    "Rolland",
    "Sauvage",
    "Texier",
    "Urbain",
    "Verdier",
    "Wagner",
    "Besson",
    "Charpentier",
    "Duhamel",
    "Évrard",
    "Forestier",
    "Granger",
    "Hubert",
    "Jourdan",
    "Legrand",
    "Marty",
    "Neveu",
    "Pichon",
    "Rossi",
    "Simonet",
    "Toussaint",
    "Vidal",
    "Weber",
    "Arnaud",
    "Blondel",
    "Coste",
    "Drouet",
    "Étienne",
    "Fouquet",
    "Grimaud",
]
TOWNS = [
    "Lyon",
    "Nantes",
    "Lille",
    "Bordeaux",
    "Toulouse",
    "Rennes",
    "Strasbourg",
    "Grenoble",
    "Dijon",
    "Angers",
    "Reims",
    "Tours",
    "Metz",
    "Brest",
    "Limoges",
    "Annecy",
    "Poitiers",
    "Valence",
    "Chambéry",
    "Vannes",
    "Niort",
    "Colmar",
    "Cholet",
    "Roanne",
    "Albi",
    "Laval",
    "Nevers",
    "Castres",
    "Épinal",
    "Agen",
    "Dole",
    "Saumur",
    "Vienne",
    "Mâcon",
    "Auxerre",
    "Bourges",
    "Chartres",
    "Évreux",
    "Beauvais",
    "Arras",
]
FOREIGN_TOWNS = {
    "Wallonie": ("Namur", "Liège", "Charleroi", "Mons"),
    "Bruxelles": ("Bruxelles", "Ixelles", "Uccle"),
    "Suisse romande": ("Genève", "Lausanne", "Fribourg", "Sion"),
}

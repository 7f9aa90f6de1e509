"""The people of the demo: who they are, where they work, what they may do and judge."""

from dataclasses import dataclass, field

from accounts.states import Role

PASSWORD = "copper lantern evening"  # noqa: S105 - printed for everybody who tries the demo
HYBRID = "hybrid-session-producer"
SCENARIO = "scenario-based-learning-designer"
DPIA = "dpia-in-practice"


@dataclass(frozen=True)
class Cast:
    """One person; `reviews` names the badges they are qualified to judge."""

    key: str
    name: str
    employer: str
    sector: str
    roles: tuple[Role, ...] = ()
    reviews: tuple[str, ...] = ()
    max_open: int = 2
    sectors: tuple[str, ...] = field(default=())
    topics: tuple[str, ...] = ()

    @property
    def address(self) -> str:
        """The address they sign in with."""
        return f"{self.key}@example.org"


STAFF = (
    Cast("ada", "Ada Lindqvist", "Northlight Guild", "Associations", (Role.ISSUER_ADMIN,)),
    Cast("petra", "Petra Okafor", "Northlight Guild", "Associations", (Role.PROGRAMME_MANAGER,)),
    Cast("mona", "Mona Reyes", "Northlight Guild", "Associations", (Role.MODERATOR,)),
    Cast("chioma", "Chioma Eze", "Eze and Partners", "Public sector", (Role.COMMITTEE,)),
    Cast(
        "casper", "Casper Holm", "Holm Events", "Culture", (Role.COMMITTEE,), (HYBRID,), max_open=3
    ),
    Cast("dana", "Dana Iversen", "Fjordside College", "Higher education", (Role.COMMITTEE,)),
    Cast("otto", "Otto Brandt", "Brandt Assurance", "Finance", (Role.AUDITOR,)),
)

REVIEWERS = (
    Cast("ravi", "Ravi Menon", "Lakeview Arena", "Culture", (), (HYBRID,), 3, topics=("concerts",)),
    Cast(
        "rhea",
        "Rhea Castellan",
        "Medline Congress",
        "Health",
        (),
        (HYBRID,),
        3,
        topics=("congresses", "accessibility"),
    ),
    Cast("tomas", "Tomas Varga", "City Forum", "Public sector", (), (HYBRID,), 3),
    Cast("ingrid", "Ingrid Solberg", "Polar Meetings", "Associations", (), (HYBRID,), 3),
    Cast("samir", "Samir Haddad", "Campus Live", "Higher education", (), (HYBRID, SCENARIO), 3),
    Cast("noor", "Noor Jansen", "Brightdesk", "Technology", (), (HYBRID,), 3),
    Cast("elif", "Elif Aydin", "Learnwell", "Health", (), (SCENARIO,), 3),
    Cast("george", "George Appiah", "Harbour Academy", "Finance", (), (SCENARIO,), 3),
    Cast("yuki", "Yuki Tanabe", "Kite Studio", "Technology", (), (SCENARIO,), 3),
    Cast("marta", "Marta Oliveira", "Housing Forward", "Public sector", (), (SCENARIO,), 3),
    Cast("lars", "Lars Nygaard", "Nygaard Privacy", "Technology", (), (DPIA,), 3),
    Cast("amina", "Amina Bello", "Transit Authority", "Transport", (), (DPIA,), 3),
    Cast("victor", "Victor Lemaire", "Lemaire Conseil", "Health", (), (DPIA,), 3),
    Cast("hana", "Hana Novak", "Data Office North", "Public sector", (), (DPIA,), 3),
    Cast("piotr", "Piotr Zielinski", "Cedar Bank", "Finance", (), (DPIA,), 3),
)

LEARNERS = (
    Cast("lena", "Lena Fischer", "Rivermark Association", "Associations"),
    Cast("amara", "Amara Nwosu", "Open Health Network", "Health"),
    Cast("ben", "Ben Whitlock", "Stagecraft North", "Culture"),
    Cast("clara", "Clara Moreau", "Forum Atlantique", "Associations"),
    Cast("deniz", "Deniz Kaya", "Bluefield University", "Higher education"),
    Cast("emeka", "Emeka Obi", "Capital Dialogues", "Public sector"),
    Cast("freya", "Freya Dahl", "Harbour Events", "Finance"),
    Cast("gita", "Gita Raman", "Signal Works", "Technology"),
    Cast("henrik", "Henrik Aalto", "Signal Works", "Technology"),
    Cast("isla", "Isla Duncan", "Northern Housing", "Public sector"),
    Cast("jonas", "Jonas Weber", "Care Academy", "Health"),
    Cast("kavya", "Kavya Iyer", "Ledger Training", "Finance"),
    Cast("leo", "Leo Marchetti", "Museo Vivo", "Culture"),
    Cast("mira", "Mira Kovac", "Alder Transport", "Transport"),
    Cast("nils", "Nils Ekberg", "Birch Clinics", "Health"),
    Cast("olga", "Olga Petrov", "Maple Insurance", "Finance"),
    Cast("pablo", "Pablo Serrano", "Civic Data Lab", "Public sector"),
    Cast("quinn", "Quinn Harper", "Harper Live", "Associations"),
)

EVERYBODY = STAFF + REVIEWERS + LEARNERS

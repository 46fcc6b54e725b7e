"""Words that carry the force of a rule, by kind, and pairs of words that look alike and are not the same."""

NEGATION = frozenset(
    "not no never none nor neither nothing nobody nowhere without hardly barely scarcely seldom rarely cannot "
    "refuse refuses decline declines deny denies avoid avoids prevent prevents prohibit prohibits prohibited forbid "
    "forbids forbidden disallow disallows disallowed fail fails".split()
)
MODAL = frozenset(
    "must shall should may might can could will would ought need needs required require requires requirement "
    "recommended recommend optional permitted permit permits allowed allow allows obliged mandatory maybe "
    "encouraged discouraged discretion acceptable unacceptable".split()
)
QUANTIFIER = frozenset(
    "all any every each some most many much few several both either only just even always often usually sometimes "
    "generally typically occasionally normally everyone everybody everything anyone anybody anything someone nobody "
    "more less fewer least maximum minimum max min entire entirely whole wholly partly partially almost nearly about "
    "approximately exactly strictly solely merely mainly mostly primarily completely fully another other "
    "others half double twice once".split()
)
NUMBER = frozenset(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand million billion first "
    "second third fourth fifth sixth seventh eighth ninth tenth dozen percent single".split()
)
CONDITION = frozenset(
    "if unless except when whenever where wherever while until till before after once provided providing because "
    "since although though despite whether otherwise instead and or but than then only during within outside inside "
    "above below over under against for from to by with toward towards including excluding".split()
)
PARTY = frozenset(
    "user users developer developers assistant assistants system systems platform root guideline guidelines operator "
    "operators model models openai anthropic claude chatgpt company companies provider providers party parties "
    "producer producers consumer consumers intermediary intermediaries customer customers person people human humans "
    "minor minors adult adults teen teens child children government governments author authors editor editors "
    "approver approvers reader readers member members owner owners administrator administrators agent agents we you "
    "i they he she it us them our your their its".split()
)
VERDICT = frozenset("good bad ok right wrong correct incorrect compliant violation".split())
KINDS = (
    ("negation", NEGATION),
    ("number", NUMBER),
    ("modal", MODAL),
    ("quantifier", QUANTIFIER),
    ("condition", CONDITION),
    ("verdict", VERDICT),
    ("party", PARTY),
)
DECISIVE = frozenset().union(*(members for _, members in KINDS))

ARTICLES = frozenset({"a", "an", "the"})
MEASURES = frozenset("few little lot number most majority minority first second third last only".split())
"""Words before which an article changes the sense."""
AGREEING = frozenset(
    frozenset(pair.split())
    for pair in (
        "is are",
        "was were",
        "has have",
        "does do",
        "a an",
        "that which",
        "this these",
        "a the",
        "an the",
        "who whom",
    )
)
NUMBER_BEFORE = frozenset(
    "a an each every this that another these those several many few both various it he she they we you i who which".split()
)
"""Words after which a noun or a verb can have one number only."""
CAPITONYMS = frozenset(
    "polish turkey china march may august catholic congress jersey japan apple amazon meta alphabet oracle gemini opus "
    "sonnet haiku python java rust internet god mercury mars".split()
)
"""Words that are a name with a capital letter and an ordinary word without."""
CONTRACTIONS = {
    "won't": ("will", "not"),
    "can't": ("can", "not"),
    "shan't": ("shall", "not"),
    "cannot": ("can", "not"),
    "let's": ("let", "us"),
    **{f"{word}'s": (word, "is") for word in "it that there what here who he she where how".split()},
}
ENDINGS = {"n't": "not", "'re": "are", "'ve": "have", "'ll": "will", "'m": "am"}

SPELLINGS = frozenset(
    frozenset(pair.split())
    for pair in (
        "grey gray;learnt learned;spelt spelled;burnt burned;dreamt dreamed;focussed focused;focussing focusing;"
        "programme program;programmes programs;ageing aging;enquiry inquiry;enquiries inquiries;enquire inquire;"
        "adviser advisor;advisers advisors;artefact artifact;artefacts artifacts;sceptical skeptical;sceptic skeptic;"
        "scepticism skepticism;mould mold;plough plow;skilful skillful;wilful willful;fulfil fulfill;fulfils fulfills;"
        "fulfilment fulfillment;enrol enroll;enrols enrolls;enrolment enrollment;instalment installment;"
        "instalments installments;jewellery jewelry;aluminium aluminum;sulphur sulfur;cosy cozy;pyjamas pajamas"
    ).split(";")
)
"""Pairs of spellings of one word that no pattern covers."""

LOOK_ALIKES = frozenset(
    frozenset(pair.split())
    for pair in (
        "casual causal;trial trail;united untied;unite untie;angel angle;diary dairy;quiet quite;martial marital;"
        "scared sacred;silver sliver;unclear nuclear;bread beard;board broad;split spilt;later latter;planed planned;"
        "hoping hopping;desert dessert;biting bitting;diner dinner;super supper;refuse reuse;immoral immortal;"
        "immorality immortality;stationary stationery;complement compliment;prescribe proscribe;prescribed proscribed;"
        "prescribes proscribes;confident confidant;councillor counsellor;insulate insolate;discreet discrete;"
        "persecute prosecute;precede proceed;perspective prospective;formally formerly;conserve converse;"
        "reserve reverse;reserved reversed;preserve perverse;sever severe;ration ratio;"
        "competent component;context contest;ingenious ingenuous;allusion illusion;elusive allusive;"
        "personal personnel;morale moral;comprise compromise;comprised compromised;underlying undermining;"
        "restrain retrain;restraint restrain;interpreted interrupted;conform confirm;conforms confirms;"
        "conformed confirmed;contract contact;contracts contacts;detract detect;defuse diffuse;disburse disperse;"
        "expand expend;expanded expended;exercise exorcise;imply impel;ordnance ordinance;statue statute;"
        "statues statutes;through thorough;trusty trustee;marital martial;signed singed;being begin;salve slave;"
        "coal cola;parental prenatal;parent patent;intentional international;interstate intestate;"
        "complacent complaisant;corporal corporeal;deprecate depreciate;deprecated depreciated;"
        "deprecates depreciates;eligible illegible;emigrate immigrate;flounder founder;humane human;"
        "respectively respectfully;apprise apprize;apprised apprized;sensual sensuous;tortuous torturous;veracious voracious"
    ).split(";")
)


def kind(word: str) -> str:
    """Which force a word (lower case) carries: negation, number, modal and so on; empty for an ordinary word."""
    if any(character.isdigit() for character in word):
        return "number"
    return next((name for name, members in KINDS if word in members), "")

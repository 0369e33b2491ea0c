"""Situations of people who are old, ill or disabled."""

from .story import AGREEMENT, INFORMATION, Line, Passing, Story

AGED = Story(
    key="isolement",
    domain="personnes_agees",
    by=("ass_secteur",),
    ages=(74, 91),
    reason="Signalement d’isolement par le facteur, confirmé à domicile",
    vulnerable=True,
    measure="habilitation_familiale",
    lines=(
        Line(
            label="Visite à domicile",
            text=(
                "Logement chauffé d’une seule pièce sur quatre. Réfrigérateur presque vide. {mme} me reçoit, "
                "habillé{e}, café prêt."
            ),
            category="logement",
        ),
        Line(
            label="Ce qui est dit de la situation",
            text=(
                "« Je ne veux pas d’une maison de retraite. Un repas de temps en temps et quelqu’un pour les "
                "papiers, oui. »"
            ),
            category="projet_souhaits",
            nature="propos_personne",
            provenance="person",
        ),
        Line(
            label="Déplacements",
            text=(
                "Marche avec une canne, descend l’escalier une fois par semaine. Une chute en {nombre} mois, sans "
                "suite."
            ),
            category="sante_fonctionnel",
            provenance="person",
        ),
        Line(
            label="Courrier non ouvert",
            text=(
                "Une vingtaine de lettres ouvertes ensemble, dont une demande de pièces de la CAF pour l’aide au logement "
                "et une relance d’électricité de {somme}."
            ),
            category="ressources_budget",
            nature="document",
            provenance="document",
            detail="Courriers ouverts à sa demande",
        ),
        Line(
            label="Entourage",
            text="Une nièce appelle le dimanche. {mme} accepte qu’on la joigne « si c’est grave seulement ».",
            category="composition_familiale",
            provenance="person",
            third_parties=("la nièce",),
        ),
        Line(
            label="Besoin de coordination",
            text="Repas, ménage et papiers : trois services à mettre d’accord sur les jours de passage.",
            category="besoin_coordination",
            nature="analyse_pro",
        ),
        Line(
            label="Mémoire",
            text=(
                "Hypothèse : oublis plus fréquents depuis l’été d’après la voisine ; non constatés pendant mes visites."
            ),
            category="sante_fonctionnel",
            nature="hypothese",
            third_parties=("la voisine",),
        ),
    ),
    passings=(
        Passing(
            to="cesf_ccas",
            purpose="demarche_demandee",
            items=(
                (1, "La demande est la sienne : un repas et de l’aide pour les papiers."),
                (5, "Les passages se règlent entre services."),
            ),
            benefit="Des repas portés trois fois par semaine, et quelqu’un pour le courrier.",
            asks=AGREEMENT,
        ),
        Passing(
            to="caf_conseiller",
            purpose="acces_droits",
            items=((3, "La CAF attend les pièces demandées depuis deux mois."),),
            benefit="Une aide au logement maintenue.",
            asks=AGREEMENT,
        ),
    ),
)

LEAVING_HOSPITAL = Story(
    key="sortie_hopital",
    domain="personnes_agees",
    by=("ass_hopital",),
    ages=(66, 88),
    reason="Sortie d’hospitalisation à préparer, demande du service de gériatrie",
    lines=(
        Line(
            label="Autonomie à la sortie",
            text=(
                "Se lave seul{e} assis{e}, a besoin d’aide pour les bas de contention et la douche. Évaluation faite "
                "avec l’ergothérapeute."
            ),
            category="sante_fonctionnel",
        ),
        Line(
            label="Passages souhaités",
            text="Un passage le matin avant 9 h ; la clé est chez la voisine du premier.",
            category="consigne_pratique",
            provenance="person",
            third_parties=("la voisine",),
        ),
        Line(
            label="Diagnostic d’entrée",
            text="Compte rendu d’hospitalisation, destiné au médecin traitant.",
            category="sante_diagnostic",
            nature="document",
            provenance="document",
            detail="Compte rendu du service",
        ),
        Line(
            label="Sa volonté",
            text="« Rentrer chez moi. Et pas dix personnes qui défilent. »",
            category="projet_souhaits",
            nature="propos_personne",
            provenance="person",
        ),
        Line(
            label="Logement",
            text="Deuxième étage sans ascenseur rue {rue} ; douche avec marche haute.",
            category="logement",
            provenance="person",
        ),
        Line(
            label="Besoin de coordination",
            text="Soins, repas et aide-ménagère commencent la même semaine : un ordre de passage est nécessaire.",
            category="besoin_coordination",
            nature="analyse_pro",
        ),
    ),
    passings=(
        Passing(
            to="infirmier_ssiad",
            purpose="coord_soins",
            items=(
                (0, "Les soins se règlent sur l’autonomie évaluée."),
                (1, "L’heure et la clé sont indispensables au premier passage."),
            ),
            benefit="Des soins dès le lendemain de la sortie.",
            asks=INFORMATION,
            involvement="care",
        ),
        Passing(
            to="cesf_ccas",
            purpose="demarche_demandee",
            items=(
                (5, "Le CCAS organise les repas et l’aide-ménagère."),
                (4, "L’escalier compte pour la livraison des repas."),
            ),
            benefit="Des repas dès la première semaine.",
            asks=AGREEMENT,
        ),
    ),
)

DISABILITY = Story(
    key="vie_sociale",
    domain="handicap",
    by=("educateur_savs",),
    ages=(25, 59),
    reason="Orientation SAVS notifiée par la MDPH",
    measure="curatelle",
    lines=(
        Line(
            label="Courses et repas",
            text=(
                "Fait ses courses seul{e} le {jour} avec une liste écrite ensemble ; oublie le produit qui n’est pas "
                "à sa place habituelle."
            ),
            category="sante_fonctionnel",
        ),
        Line(
            label="Coordination des rendez-vous",
            text="Trois intervenants le même {jour} ; {mme} a fermé la porte au troisième.",
            category="besoin_coordination",
        ),
        Line(
            label="Sa demande",
            text="« Une personne par jour, pas plus. Et qu’on me prévienne la veille. »",
            category="projet_souhaits",
            nature="propos_personne",
            provenance="person",
        ),
        Line(
            label="Mesure de curatelle",
            text="Curatelle renforcée, jugement de l’année passée, portant sur les biens.",
            category="mesure_protection_majeur",
            nature="document",
            provenance="document",
            detail="Jugement présenté par la personne",
        ),
        Line(
            label="Traitement",
            text="Ordonnance renouvelée, pilulier préparé par l’infirmière. Conservé à domicile.",
            category="sante_diagnostic",
            nature="document",
            provenance="document",
            detail="Ordonnance vue avec la personne",
        ),
        Line(
            label="Budget de la semaine",
            text="{somme} par semaine remis par le curateur, tenu sur un cahier.",
            category="ressources_budget",
            provenance="person",
        ),
    ),
    passings=(
        Passing(
            to="dac",
            purpose="prise_en_charge",
            items=(
                (0, "Le DAC règle l’aide sur ce qui est fait seul·e et ce qui ne l’est pas."),
                (1, "C’est l’objet même de l’appui demandé."),
            ),
            benefit="Un seul passage par jour, annoncé la veille.",
            asks=AGREEMENT,
        ),
    ),
)

"""Situations of child protection, and of violence at home."""

from .story import AGREEMENT, INFORMATION, Line, Passing, Story

WORRYING = Story(
    key="inquietude",
    domain="protection_enfance",
    by=("ass_secteur",),
    ages=(2, 6),
    reason="Visite à domicile conjointe demandée par la PMI",
    lines=(
        Line(
            label="Visite du {jour}",
            text=(
                "À {heure}, {prenom} est seul{e} dans l’appartement avec son frère de sept ans. Le père rentre au "
                "bout de vingt-cinq minutes avec des courses. Les enfants sont vêtus, calmes ; la télévision est "
                "allumée."
            ),
            category="appreciation_sociale",
        ),
        Line(
            label="Ce que dit le père",
            text="{pere} dit : « Je n’ai personne. Je suis descendu, j’ai fait vite. Je sais que ce n’est pas bien. »",
            category="appreciation_sociale",
            nature="propos_tiers",
            provenance="family",
        ),
        Line(
            label="Ce que dit le frère aîné",
            text="Le frère dit : « Quand papa part, c’est moi le chef, je ferme à clé. »",
            category="parole_enfant",
            nature="propos_tiers",
            provenance="third_party",
            third_parties=("le frère aîné",),
        ),
        Line(
            label="Carnet de santé",
            text="Vaccinations à jour. Deux rendez-vous de PMI manqués au printemps, un honoré depuis.",
            category="sante_fonctionnel",
            nature="document",
            provenance="document",
            detail="Carnet de santé présenté par le père",
        ),
        Line(
            label="Logement",
            text=(
                "Deux pièces rue {rue}, propre, chauffé ; un lit pour deux enfants. Fenêtres de l’étage sans sécurité."
            ),
            category="logement",
        ),
        Line(
            label="Entourage",
            text="La mère travaille à 200 km et rentre le week-end. Une voisine garde parfois les enfants le soir.",
            category="composition_familiale",
            provenance="family",
            third_parties=("la voisine",),
        ),
        Line(
            label="Analyse après la visite",
            text=(
                "Analyse : père présent et attentif, dépassé par la garde. Le danger tient aux absences répétées, "
                "non à une maltraitance. Il accepte d’en parler avec la PMI."
            ),
            category="appreciation_sociale",
            nature="analyse_pro",
        ),
    ),
    passings=(
        Passing(
            to="puericultrice_pmi",
            purpose="pe_evaluer",
            items=(
                (0, "L’évaluation conjointe part de ce qui a été vu."),
                (6, "L’analyse est mise en discussion entre professionnelles."),
            ),
            benefit="Évaluer à deux regards, et proposer une solution de garde.",
            asks=INFORMATION,
            exception=(
                "Le père a dit vouloir partir chez un cousin « dès qu’on s’en mêle » : l’enfant ne serait plus vu{e}."
            ),
        ),
        Passing(
            to="crip",
            purpose="pe_ip",
            items=(
                (0, "La cellule doit connaître les faits constatés."),
                (2, "La parole de l’enfant confirme la répétition."),
            ),
            benefit="Une évaluation par le département, et un soutien à la garde.",
            asks=INFORMATION,
            exception="Prévenir avant l’évaluation exposerait le frère aîné à des pressions sur ce qu’il a dit.",
        ),
    ),
)

AT_HOME_MEASURE = Story(
    key="aemo",
    domain="protection_enfance",
    by=("educateur_aemo",),
    ages=(8, 15),
    reason="Mesure d’AEMO ordonnée par le juge des enfants",
    lines=(
        Line(
            label="Cadre de la mesure",
            text=(
                "Mesure d’assistance éducative en milieu ouvert d’un an, renouvelée une fois. Échéance dans cinq mois."
            ),
            category="mesure_protection_enfance",
            nature="document",
            provenance="document",
            detail="Jugement en assistance éducative",
        ),
        Line(
            label="Présence au collège",
            text=(
                "{nombre_maj} demi-journées d’absence ce mois-ci, contre quatorze à la rentrée. Relevé lu avec "
                "{prenom} et sa mère."
            ),
            category="besoins_scolaires",
            nature="document",
            provenance="document",
            detail="Relevé d’absences remis par la mère",
        ),
        Line(
            label="Ce qu’en dit l’enfant",
            text="« Je veux pas que les profs sachent pour le juge. Dites juste que je reviens. »",
            category="parole_enfant",
            nature="propos_personne",
            provenance="person",
        ),
        Line(
            label="Visite du {jour}",
            text=(
                "Repas pris ensemble, devoirs faits sur la table de la cuisine. Le ton monte une fois, la mère sort "
                "cinq minutes puis reprend la conversation."
            ),
            category="appreciation_sociale",
        ),
        Line(
            label="Hypothèse sur l’alcool",
            text=(
                "Hypothèse, datée de la visite du {jour} : le père boirait le week-end. Une bouteille vue, aucun "
                "signe d’ivresse constaté. À vérifier avant d’en faire quoi que ce soit."
            ),
            category="addiction",
            nature="hypothese",
        ),
        Line(
            label="Droit de visite du père",
            text="Un week-end sur deux, exercé régulièrement depuis trois mois.",
            category="composition_familiale",
            nature="document",
            provenance="document",
            detail="Jugement en assistance éducative",
        ),
    ),
    passings=(
        Passing(
            to="ass_scolaire",
            purpose="pe_actions",
            items=(
                (0, "La mission de protection est commune : elle doit en connaître le cadre."),
                (1, "Le retour au collège se construit à deux."),
            ),
            benefit="Un retour au collège préparé, avec un adulte repéré sur place.",
            asks=INFORMATION,
        ),
        Passing(
            to="enseignant",
            purpose="pe_actions",
            items=((4, "L’enseignant a demandé « ce qui se passe à la maison »."),),
            benefit="Répondre à l’enseignant.",
            asks=INFORMATION,
        ),
    ),
)

ENTRUSTED = Story(
    key="accueil_ase",
    domain="protection_enfance",
    by=("referent_ase", "educateur_mecs"),
    ages=(9, 16),
    reason="Accueil confié au département par le juge des enfants",
    lines=(
        Line(
            label="Décision d’accueil",
            text="Accueil d’un an à la MECS. Visites des parents en présence d’un tiers, deux fois par mois.",
            category="mesure_protection_enfance",
            nature="document",
            provenance="document",
            detail="Jugement en assistance éducative",
        ),
        Line(
            label="Visite médiatisée du {jour}",
            text=(
                "Les deux parents sont venus à l’heure. {prenom} leur a montré son carnet ; au moment de partir, "
                "{il} a demandé quand serait la prochaine fois."
            ),
            category="appreciation_sociale",
        ),
        Line(
            label="Ce que l’enfant demande",
            text="« Je voudrais voir ma sœur toute seule, sans que les parents soient là. »",
            category="parole_enfant",
            nature="propos_personne",
            provenance="person",
            third_parties=("la sœur",),
        ),
        Line(
            label="Sommeil",
            text=(
                "Trois réveils nocturnes par semaine depuis la rentrée, notés par l’équipe de nuit ; aucun pendant "
                "les vacances."
            ),
            category="sante_fonctionnel",
            provenance="document",
            detail="Cahier de nuit",
        ),
        Line(
            label="Scolarité",
            text="Moyenne de 12,4, en hausse. Le professeur principal propose le tutorat du {jour}.",
            category="besoins_scolaires",
            nature="document",
            provenance="document",
            detail="Bulletin du trimestre",
        ),
        Line(
            label="Analyse de l’équipe",
            text=(
                "Analyse : l’accueil apaise. La fratrie manque davantage que les parents ; un temps entre frère et "
                "sœur est à proposer au projet pour l’enfant."
            ),
            category="appreciation_sociale",
            nature="analyse_pro",
        ),
    ),
    passings=(
        Passing(
            to="ass_scolaire",
            purpose="pe_actions",
            items=(
                (4, "Le tutorat se met en place avec le collège."),
                (0, "Les sorties dépendent du cadre de l’accueil."),
            ),
            benefit="Un tutorat compatible avec les visites.",
            asks=INFORMATION,
        ),
    ),
)

VIOLENCE = Story(
    key="mise_a_l_abri",
    domain="violences_intrafamiliales",
    by=("ass_secteur",),
    ages=(23, 49),
    gender="f",
    reason="Demande d’aide pour quitter le domicile",
    lines=(
        Line(
            label="Ce qu’elle raconte",
            text="« Le {jour} il a cassé le téléphone et fermé la porte à clé. Je suis partie quand il dormait. »",
            category="violences",
            nature="propos_personne",
            provenance="person",
        ),
        Line(
            label="Constat à l’entretien",
            text=(
                "Deux ecchymoses au poignet gauche, montrées par {mme}. Orientation proposée vers l’unité "
                "médico-judiciaire, acceptée."
            ),
            category="violences",
        ),
        Line(
            label="Besoin d’hébergement",
            text=(
                "Hébergée chez une amie jusqu’au {jour}. Besoin d’une place pour une femme et un enfant, hors de la "
                "commune."
            ),
            category="logement",
            provenance="person",
            third_parties=("l’amie qui héberge",),
        ),
        Line(
            label="Foyer",
            text=(
                "Un enfant de 5 ans, présent avec elle. École prévenue d’une absence pour raison familiale, sans "
                "autre mot."
            ),
            category="composition_familiale",
            provenance="person",
        ),
        Line(
            label="Ce qu’elle ne veut pas",
            text="« Pas de plainte pour l’instant. Et surtout personne ne doit lui dire la ville. »",
            category="projet_souhaits",
            nature="propos_personne",
            provenance="person",
        ),
        Line(
            label="Ressources",
            text="Compte joint bloqué ; RSA demandé en son nom ; {somme} en espèces.",
            category="ressources_budget",
            provenance="person",
        ),
    ),
    passings=(
        Passing(
            to="siao",
            purpose="hebergement_orientation",
            items=(
                (2, "La place se cherche pour deux, hors de la commune."),
                (3, "La présence de l’enfant détermine la place."),
            ),
            benefit="Une place sûre avant la fin de l’hébergement chez l’amie.",
            asks=INFORMATION,
        ),
        Passing(
            to="caf_conseiller",
            purpose="acces_droits",
            items=((5, "Le RSA s’ouvre à son seul nom."),),
            benefit="Des ressources à elle dès le mois prochain.",
            asks=AGREEMENT,
        ),
    ),
)

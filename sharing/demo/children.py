"""Situations of children, seen from school and from care."""

from .story import AGREEMENT, INFORMATION, Line, Passing, Story

PICKED_UP = Story(
    key="sorties",
    domain="transversal",
    by=("ass_secteur",),
    ages=(6, 10),
    reason="Demande de la mère à la permanence sociale",
    lines=(
        Line(
            label="Sortie du {jour}",
            text=(
                "Le {jour}, {prenom} est repris{e} à {sortie} par la personne que la mère a inscrite sur l’autorisation de "
                "sortie, signée devant moi. Elle vaut jusqu’à la fin du trimestre."
            ),
            category="consigne_pratique",
            provenance="document",
            detail="Autorisation de sortie signée par la mère",
        ),
        Line(
            label="Horaires de travail de la mère",
            text=(
                "{mere} commence à 6 h trois jours par semaine et ne peut pas accompagner {prenom} le matin ces "
                "jours-là. Planning vu à l’entretien."
            ),
            category="composition_familiale",
            provenance="document",
            detail="Planning de l’employeur présenté par la mère",
        ),
        Line(
            label="Retards du matin",
            text=(
                "{nombre_maj} retards d’une vingtaine de minutes en un mois, tous un {jour}, notés dans le cahier de "
                "liaison."
            ),
            category="besoins_scolaires",
            nature="document",
            provenance="document",
            detail="Cahier de liaison apporté par la mère",
        ),
        Line(
            label="Ce que la mère demande",
            text=(
                "{mere} dit : « Je voudrais qu’on sache qui vient {le} chercher, c’est tout. Le reste, c’est chez "
                "nous. »"
            ),
            category="projet_souhaits",
            nature="propos_tiers",
            provenance="family",
            detail="Entretien à la Maison des solidarités",
        ),
        Line(
            label="Ce que l’enfant en dit",
            text="{prenom} dit : « Chez mamie on goûte, et puis maman arrive avant la nuit. »",
            category="parole_enfant",
            nature="propos_personne",
            provenance="person",
        ),
        Line(
            label="Quotient familial",
            text=(
                "Quotient familial de 486 €, attestation de l’année. Les deux derniers mois de cantine, {somme}, "
                "restent dus."
            ),
            category="ressources_budget",
            nature="document",
            provenance="document",
            detail="Attestation et factures remises par la mère",
        ),
        Line(
            label="Organisation familiale",
            text=(
                "Analyse : l’organisation tient, au prix d’une grande fatigue de la mère. La grand-mère est un appui "
                "stable. Rien dans ce que j’ai vu n’appelle autre chose qu’un relais pour la cantine."
            ),
            category="appreciation_sociale",
            nature="analyse_pro",
        ),
    ),
    passings=(
        Passing(
            to="directeur_ecole",
            purpose="scolarite",
            items=((0, "L’école doit savoir à qui confier l’enfant ce jour-là."),),
            benefit="Une sortie d’école sans attente ni malentendu.",
            asks=AGREEMENT,
        ),
        Passing(
            to="cesf_ccas",
            purpose="acces_droits",
            items=((5, "Le CCAS calcule l’aide à la cantine à partir du quotient et de la somme due."),),
            benefit="La dette de cantine peut être prise en charge avant le trimestre prochain.",
            asks=AGREEMENT,
        ),
    ),
)

TIRED_PUPIL = Story(
    key="fatigue",
    domain="handicap",
    by=("ass_secteur",),
    ages=(7, 12),
    reason="Orientation par le service social scolaire, avec l’accord des parents",
    lines=(
        Line(
            label="Fatigue après les séances",
            text=(
                "Le {jour}, {prenom} rentre de ses séances vers 15 h 45, ne goûte pas et s’endort avant le repas. "
                "Observé à deux visites à domicile."
            ),
            category="sante_fonctionnel",
        ),
        Line(
            label="Ce que disent les parents",
            text=(
                "{mere} dit : « Le lendemain matin il faut l’appeler cinq fois. » {pere} ajoute : « En vacances, "
                "plus rien de tout ça. »"
            ),
            category="sante_fonctionnel",
            nature="propos_tiers",
            provenance="family",
        ),
        Line(
            label="Aménagements qui aident",
            text=(
                "Une consigne à la fois, un temps de pause vers 15 h, les leçons données le jeudi pour la semaine "
                "suivante : ce que les parents ont vu marcher l’an dernier."
            ),
            category="besoins_scolaires",
            nature="propos_tiers",
            provenance="family",
            detail="Les parents citent : « une consigne à la fois »",
        ),
        Line(
            label="Compte rendu du neuropédiatre",
            text=(
                "Compte rendu de consultation remis sous enveloppe par les parents, lu avec eux. Le diagnostic y "
                "figure."
            ),
            category="sante_diagnostic",
            nature="document",
            provenance="document",
            detail="Courrier médical, conservé par les parents",
        ),
        Line(
            label="Séances du {jour}",
            text=(
                "Séances tous les {jour}s de 13 h 45 à 15 h 15, transport compris. Calendrier connu jusqu’aux "
                "vacances de printemps."
            ),
            category="consigne_pratique",
            provenance="document",
            detail="Calendrier remis par les parents",
        ),
        Line(
            label="Ce que l’enfant en dit",
            text="« À la récré ça va. C’est après, j’ai la tête lourde. »",
            category="parole_enfant",
            nature="propos_personne",
            provenance="person",
        ),
        Line(
            label="Hypothèse sur le rythme",
            text=(
                "Hypothèse : le trajet pèse plus que la séance elle-même. À vérifier en comparant une semaine avec "
                "transport et une semaine accompagnée par le père."
            ),
            category="appreciation_sociale",
            nature="hypothese",
        ),
    ),
    passings=(
        Passing(
            to="medecin_scolaire",
            purpose="suivi_medico_social",
            items=(
                (0, "Le médecin scolaire adapte le temps de présence à partir de ce retentissement."),
                (2, "Ce qui a déjà aidé évite de chercher à nouveau."),
            ),
            benefit="Un temps de classe supportable, sans que l’école ait à connaître le diagnostic.",
            asks=INFORMATION,
            involvement="care",
        ),
        Passing(
            to="directeur_ecole",
            purpose="scolarite",
            items=((4, "L’école organise l’absence et le rattrapage."),),
            benefit="Des absences prévues, et des leçons rattrapées.",
            asks=AGREEMENT,
        ),
        Passing(
            to="ess_membre",
            purpose="scolarite",
            items=(
                (2, "L’équipe de suivi écrit les aménagements de la classe."),
                (4, "Les aménagements suivent le calendrier des séances."),
            ),
            benefit="Des aménagements écrits, que l’enfant n’a pas à redemander.",
            asks=AGREEMENT,
        ),
    ),
)

CMPP_CHILD = Story(
    key="suivi_cmpp",
    domain="handicap",
    by=("psychologue_cmpp",),
    ages=(6, 12),
    reason="Suivi décidé en synthèse, à la demande des parents",
    lines=(
        Line(
            label="Retentissement en groupe",
            text=(
                "En petit groupe, {prenom} suit la consigne ; au-delà de six enfants, {il} se lève, perd le fil et "
                "ne le retrouve pas seul{e}. Observé sur huit séances."
            ),
            category="sante_fonctionnel",
        ),
        Line(
            label="Conclusions du bilan",
            text=(
                "Bilan psychologique du trimestre, restitué aux deux parents. Conclusions et hypothèse diagnostique "
                "au dossier."
            ),
            category="sante_diagnostic",
            nature="document",
            provenance="document",
            detail="Bilan établi au CMPP",
        ),
        Line(
            label="Ce qui aide en classe",
            text=(
                "Place à l’avant, voisin calme, droit de se lever pour distribuer ; prévenir cinq minutes avant de "
                "changer d’activité."
            ),
            category="besoins_scolaires",
            nature="analyse_pro",
        ),
        Line(
            label="Horaires du suivi",
            text="Séance chaque {jour} de 10 h à 10 h 45. Retour en classe à 11 h 05.",
            category="consigne_pratique",
            provenance="document",
            detail="Convention de suivi signée par les parents",
        ),
        Line(
            label="Ce que l’enfant en dit",
            text="« Je veux bien venir, mais je veux pas qu’on dise à tout le monde que je viens ici. »",
            category="parole_enfant",
            nature="propos_personne",
            provenance="person",
        ),
        Line(
            label="Relations avec le père",
            text=(
                "Hypothèse : l’agitation du lundi suit les retours de week-end. À reprendre avec les deux parents ; "
                "rien n’est établi."
            ),
            category="appreciation_sociale",
            nature="hypothese",
        ),
    ),
    passings=(
        Passing(
            to="psyen",
            purpose="suivi_medico_social",
            items=(
                (0, "Le psychologue de l’Éducation nationale observe en classe à partir de ce qui a été vu en groupe."),
            ),
            benefit="Deux observations qui se répondent, sans test refait.",
            asks=INFORMATION,
            involvement="care",
        ),
        Passing(
            to="ess_membre",
            purpose="scolarite",
            items=(
                (2, "L’équipe de suivi prépare les aménagements."),
                (3, "Les horaires fixent les absences prévues."),
            ),
            benefit="Des aménagements posés avant la prochaine période.",
            asks=AGREEMENT,
        ),
        Passing(
            to="enseignant",
            purpose="scolarite",
            items=((1, "L’enseignant dit vouloir comprendre le comportement."),),
            benefit="Répondre à la demande de l’enseignant.",
            asks=AGREEMENT,
        ),
    ),
)

ADOLESCENT = Story(
    key="decrochage",
    gender="m",
    domain="insertion",
    by=("ass_secteur",),
    ages=(16, 17),
    reason="Rendez-vous demandé par la mère après l’arrêt du lycée",
    lines=(
        Line(
            label="Arrêt du lycée",
            text="Inscription en seconde professionnelle interrompue depuis sept semaines. Aucun stage trouvé.",
            category="emploi_insertion",
            provenance="family",
        ),
        Line(
            label="Ce qu’il souhaite",
            text="« La mécanique, oui. Rester assis huit heures, non. »",
            category="projet_souhaits",
            nature="propos_personne",
            provenance="person",
        ),
        Line(
            label="Mobilité",
            text="Pas de transport après 19 h rue {rue}. Un vélo, pas de scooter. Carte de bus demandée.",
            category="logement",
        ),
        Line(
            label="Ce que dit la mère",
            text="{mere} dit : « Il ne fait pas de bêtises, il dort. C’est ça qui m’inquiète. »",
            category="appreciation_sociale",
            nature="propos_tiers",
            provenance="family",
        ),
        Line(
            label="Consommation évoquée",
            text="« Un joint le soir, ça me regarde. » Dit en confiance ; demande que cela ne sorte pas d’ici.",
            category="addiction",
            nature="propos_personne",
            provenance="person",
        ),
        Line(
            label="Pièces administratives",
            text="Carte d’identité valable deux ans encore ; carte vitale à refaire ; pas de compte bancaire.",
            category="situation_admin",
            nature="document",
            provenance="document",
            detail="Pièces vues à l’entretien",
        ),
    ),
    passings=(
        Passing(
            to="conseiller_mission_locale",
            purpose="demarche_demandee",
            items=(
                (0, "La conseillère part de la situation scolaire réelle."),
                (1, "Le projet est celui que la personne a dit."),
            ),
            benefit="Un premier rendez-vous utile, sans tout redire.",
            asks=AGREEMENT,
        ),
    ),
)

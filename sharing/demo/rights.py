"""Situations of adults: rent, rights, work, shelter."""

from .story import AGREEMENT, INFORMATION, Line, Passing, Story

UNPAID_RENT = Story(
    key="impaye",
    domain="acces_logement",
    by=("ass_secteur", "cesf_departement"),
    ages=(27, 58),
    reason="Commandement de payer reçu, demande d’accompagnement",
    lines=(
        Line(
            label="Loyers impayés",
            text=(
                "{nombre_maj} loyers de {loyer} impayés, soit {dette} avec les charges. Commandement de payer reçu, "
                "lu ensemble."
            ),
            category="ressources_budget",
            nature="document",
            provenance="document",
            detail="Commandement de payer et avis d’échéance",
        ),
        Line(
            label="Cause de l’impayé",
            text=(
                "{mme} dit : « Les heures ont été coupées en mars. J’ai payé la voiture, sans elle je ne travaille "
                "plus du tout. »"
            ),
            category="ressources_budget",
            nature="propos_personne",
            provenance="person",
        ),
        Line(
            label="Reprise du paiement",
            text=(
                "Loyer du mois réglé le 8, quittance vue. Versement supplémentaire de {somme} possible d’après le "
                "budget fait ensemble."
            ),
            category="logement",
            provenance="document",
            detail="Quittance et budget du mois",
        ),
        Line(
            label="Composition du foyer",
            text="Un adulte et deux enfants scolarisés rue {rue}. Garde partagée une semaine sur deux.",
            category="composition_familiale",
            provenance="person",
        ),
        Line(
            label="Emploi",
            text=(
                "Contrat de 24 heures par semaine depuis onze mois ; un complément d’heures est promis pour la saison."
            ),
            category="emploi_insertion",
            nature="document",
            provenance="document",
            detail="Contrat et trois bulletins de salaire",
        ),
        Line(
            label="Souhait",
            text=(
                "« Je veux rester là, les enfants ont leur école. Je peux payer un peu plus chaque mois, pas tout "
                "d’un coup. »"
            ),
            category="projet_souhaits",
            nature="propos_personne",
            provenance="person",
        ),
        Line(
            label="Suivi en psychiatrie de ville",
            text="{mme} dit voir un psychiatre chaque mois : « Ça, c’est pour vous, pas pour le dossier du loyer. »",
            category="sante_mentale",
            nature="propos_personne",
            provenance="person",
        ),
    ),
    passings=(
        Passing(
            to="ccapex_instructeur",
            purpose="expulsion_evaluer",
            items=(
                (0, "La commission apprécie la dette et son origine."),
                (2, "La reprise du paiement pèse dans son avis."),
            ),
            benefit="Un avis favorable à un plan d’apurement, avant l’audience.",
            asks=INFORMATION,
        ),
        Passing(
            to="bailleur",
            purpose="demarche_demandee",
            items=((2, "Le bailleur propose l’échéancier à partir du versement possible."),),
            benefit="Un échéancier tenable, signé avec le bailleur.",
            asks=AGREEMENT,
        ),
        Passing(
            to="cesf_ccas",
            purpose="demarche_demandee",
            items=((0, "L’aide facultative se calcule sur la dette."), (3, "Le barème dépend du foyer.")),
            benefit="Une aide facultative qui complète l’échéancier.",
            asks=AGREEMENT,
        ),
    ),
)

SEPARATION = Story(
    key="separation",
    domain="insertion",
    by=("ass_secteur", "cesf_departement"),
    ages=(24, 45),
    gender="f",
    reason="Permanence : séparation récente, droits à revoir",
    lines=(
        Line(
            label="Séparation depuis {nombre} mois",
            text=(
                "Séparation de fait depuis {nombre} mois, déclarée sur l’honneur. Requête déposée au juge aux "
                "affaires familiales."
            ),
            category="situation_admin",
            nature="document",
            provenance="document",
            detail="Récépissé de la requête",
        ),
        Line(
            label="Ressources du mois",
            text=(
                "Salaire à temps partiel de 743 €, prime d’activité calculée sur l’ancien foyer. Reste à vivre de "
                "{somme} par semaine."
            ),
            category="ressources_budget",
            nature="document",
            provenance="document",
            detail="Relevé de compte et attestation de paiement",
        ),
        Line(
            label="Sa demande",
            text="« Que la CAF arrête de compter son salaire à lui. J’ai déjà envoyé trois papiers. »",
            category="projet_souhaits",
            nature="propos_personne",
            provenance="person",
        ),
        Line(
            label="Logement",
            text="Bail au seul nom de {mme} depuis six semaines, loyer de {loyer}, aide au logement non réévaluée.",
            category="logement",
            nature="document",
            provenance="document",
            detail="Avenant au bail",
        ),
        Line(
            label="Enfants",
            text="Deux enfants de 4 et 7 ans, résidence habituelle chez la mère, père joignable.",
            category="composition_familiale",
            provenance="person",
            third_parties=("le père des enfants",),
        ),
        Line(
            label="Fatigue exprimée",
            text="« Je tiens, mais le dimanche soir je pleure. » {mme} ne souhaite pas de suite pour l’instant.",
            category="sante_mentale",
            nature="propos_personne",
            provenance="person",
        ),
        Line(
            label="Analyse",
            text=(
                "Analyse : budget juste équilibré dès que les droits seront recalculés. Le délai de la CAF est le "
                "seul point critique."
            ),
            category="appreciation_sociale",
            nature="analyse_pro",
        ),
    ),
    passings=(
        Passing(
            to="caf_conseiller",
            purpose="acces_droits",
            items=(
                (0, "La date de séparation ouvre le nouveau calcul."),
                (1, "Le calcul se fait sur les ressources du mois."),
            ),
            benefit="Des droits recalculés sur le foyer réel, sans quatrième envoi.",
            asks=AGREEMENT,
        ),
        Passing(
            to="cesf_ccas",
            purpose="acces_droits",
            items=((1, "Le secours d’attente se calcule sur le reste à vivre."),),
            benefit="Un secours d’attente, le temps du recalcul.",
            asks=AGREEMENT,
        ),
        Passing(
            to="bailleur",
            purpose="demarche_demandee",
            items=((4, "Le bailleur adapte la taille du logement proposé au foyer."),),
            benefit="Une demande d’échange de logement au bon nombre de pièces.",
            asks=AGREEMENT,
        ),
    ),
)

YOUNG_ADULT = Story(
    key="jeune_majeur",
    domain="insertion",
    by=("ass_secteur",),
    ages=(18, 23),
    reason="Accueil d’urgence de la mairie, sans logement stable",
    lines=(
        Line(
            label="Hébergement chez des amis",
            text="Dort chez trois amis à tour de rôle depuis cinq semaines. Aucune nuit dehors à ce jour.",
            category="logement",
            provenance="person",
        ),
        Line(
            label="Recherche d’emploi",
            text="Deux missions d’intérim dans la logistique, quatre semaines au total. Attestations fournies.",
            category="emploi_insertion",
            nature="document",
            provenance="document",
            detail="Certificats d’emploi",
        ),
        Line(
            label="Son projet",
            text="« Cariste. J’ai déjà conduit l’engin, il me manque le papier. »",
            category="projet_souhaits",
            nature="propos_personne",
            provenance="person",
        ),
        Line(
            label="Rupture familiale",
            text="« Je ne veux pas que ma mère sache où je suis. » Contact gardé avec une tante.",
            category="composition_familiale",
            nature="propos_personne",
            provenance="person",
            third_parties=("la tante",),
        ),
        Line(
            label="Ressources",
            text=(
                "Dernier salaire de 412 € ; aucun droit au chômage ouvert ; garantie d’un mois de loyer impossible à "
                "réunir seul{e}."
            ),
            category="ressources_budget",
            nature="document",
            provenance="document",
            detail="Bulletin de salaire",
        ),
        Line(
            label="Adresse de domiciliation",
            text="Domiciliation au CCAS depuis le {jour} ; courrier relevé chaque semaine.",
            category="situation_admin",
        ),
        Line(
            label="Analyse",
            text=(
                "Analyse : un hébergement stable de quelques mois suffirait ; l’emploi suit. Rien ne justifie un "
                "accompagnement plus lourd."
            ),
            category="appreciation_sociale",
            nature="analyse_pro",
        ),
    ),
    passings=(
        Passing(
            to="conseiller_mission_locale",
            purpose="demarche_demandee",
            items=((1, "Les missions faites ouvrent la formation."), (2, "C’est le projet à inscrire.")),
            benefit="Une entrée en formation de cariste.",
            asks=AGREEMENT,
        ),
        Passing(
            to="siao",
            purpose="hebergement_orientation",
            items=(
                (0, "L’orientation dépend de la situation réelle d’hébergement."),
                (4, "Le type de place dépend des ressources."),
            ),
            benefit="Une place en résidence sociale plutôt qu’une nuit d’hôtel.",
            asks=INFORMATION,
        ),
    ),
)

ENERGY = Story(
    key="energie",
    domain="insertion",
    by=("cesf_ccas",),
    ages=(30, 64),
    reason="Demande d’aide facultative pour l’énergie",
    lines=(
        Line(
            label="Facture de régularisation",
            text=(
                "Régularisation d’électricité de {dette} pour un logement chauffé par convecteurs. Coupure annoncée "
                "sous un mois."
            ),
            category="ressources_budget",
            nature="document",
            provenance="document",
            detail="Facture et relance",
        ),
        Line(
            label="Logement",
            text="Joints de fenêtres absents, 16 °C relevés dans la chambre à {heure}.",
            category="logement",
        ),
        Line(
            label="Ce qui est dit de la situation",
            text="« On chauffe la pièce où dorment les petits, nous on met deux pulls. »",
            category="projet_souhaits",
            nature="propos_personne",
            provenance="person",
        ),
        Line(
            label="Situation administrative",
            text="Changement de situation déclaré à la CAF en {nombre} fois, sans réponse depuis huit semaines.",
            category="situation_admin",
            nature="document",
            provenance="document",
            detail="Accusés d’envoi",
        ),
        Line(
            label="Foyer",
            text="Couple avec deux enfants de 2 et 5 ans.",
            category="composition_familiale",
            provenance="person",
        ),
        Line(
            label="Analyse",
            text=(
                "Analyse : la dette vient du logement plus que des usages. Un rappel de droits de la CAF solderait "
                "l’essentiel."
            ),
            category="appreciation_sociale",
            nature="analyse_pro",
        ),
    ),
    passings=(
        Passing(
            to="caf_conseiller",
            purpose="acces_droits",
            items=((3, "Le dossier attend ce traitement."), (0, "La coupure annoncée fonde l’urgence du traitement.")),
            benefit="Un rappel de droits avant la coupure.",
            asks=AGREEMENT,
        ),
        Passing(
            to="bailleur",
            purpose="demarche_demandee",
            items=((1, "Le bailleur doit l’état des fenêtres."),),
            benefit="Des joints posés avant l’hiver.",
            asks=AGREEMENT,
        ),
    ),
)

SHELTERED = Story(
    key="hebergement",
    domain="acces_logement",
    by=("educateur_chrs",),
    ages=(21, 55),
    reason="Admission au CHRS sur orientation du SIAO",
    lines=(
        Line(
            label="Projet de sortie",
            text="« Un studio, même petit, et garder mon chien. »",
            category="projet_souhaits",
            nature="propos_personne",
            provenance="person",
        ),
        Line(
            label="Place occupée",
            text="Chambre individuelle depuis {nombre} mois, participation réglée chaque mois.",
            category="logement",
        ),
        Line(
            label="Emploi",
            text="Chantier d’insertion de 26 heures, renouvelé pour quatre mois.",
            category="emploi_insertion",
            nature="document",
            provenance="document",
            detail="Contrat de travail",
        ),
        Line(
            label="Retentissement sur le logement",
            text="Ne supporte pas le bruit après 22 h : deux demandes de changement de chambre, la seconde a suffi.",
            category="sante_fonctionnel",
        ),
        Line(
            label="Sevrage",
            text="« Huit mois sans boire. Je ne veux pas que ça me suive sur tous les papiers. »",
            category="addiction",
            nature="propos_personne",
            provenance="person",
        ),
        Line(
            label="Famille",
            text="Une fille de 14 ans, appelée le dimanche ; pas de visite pour l’instant.",
            category="composition_familiale",
            provenance="person",
            third_parties=("la fille",),
        ),
    ),
    passings=(
        Passing(
            to="siao",
            purpose="hebergement_orientation",
            items=(
                (0, "L’orientation suit le projet de la personne."),
                (1, "La régularité de l’occupation compte pour la suite."),
            ),
            benefit="Une orientation vers un logement autonome.",
            asks=INFORMATION,
        ),
        Passing(
            to="ass_hopital",
            purpose="suivi_medico_social",
            items=((3, "L’équipe de liaison propose un logement calme."),),
            benefit="Un relais avec l’équipe de liaison, sans parler du passé.",
            asks=INFORMATION,
            involvement="care",
        ),
    ),
)

package conform

// french is the letter in French: formal register, no-break spaces before
// high punctuation and within quotation marks.
var french = language{
	months: [...]string{"janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre"},
	first:  "1er",

	reference:  "Nos références\u00a0: {}",
	to:         "À l’attention de l’exploitant du système de vidéosurveillance",
	unit:       "{} (nom indiqué dans le fichier)",
	subject:    "Objet\u00a0: votre export vidéo, ce que nous avons reçu et ce que nous vous demandons de modifier",
	subjectOK:  "Objet\u00a0: votre export vidéo, aucune modification à apporter",
	salutation: "Madame, Monsieur,",
	thanks: "Nous vous remercions de l’export vidéo que vous nous avez remis. Nous l’avons comparé à la norme IEC 62676-2-11, " +
		"qui fixe la forme des fichiers vidéo remis aux autorités. Le niveau 0V concerne la vidéo seule, le niveau 0M/0E la vidéo avec ses métadonnées et ses événements.",
	received:   "Ce que nous avons reçu",
	file:       "{}, {} octets. Niveau atteint\u00a0: {}.",
	footage:    "Images du {} au {} (UTC).",
	noFootage:  "Le fichier ne donne aucune date ni heure sur laquelle s’appuyer.",
	levels:     map[Level]string{LevelNone: "aucun", Level0V: "0V", Level0ME: "0M/0E"},
	demands:    "Ce qui n’est pas conforme, et ce que nous vous demandons de modifier",
	further:    "Pour le niveau 0M/0E, si votre système en est capable",
	advice:     "Ce que nous vous recommandons en outre",
	clause:     "Paragraphe {}",
	clauses:    "Paragraphes {}",
	some:       " (fichier {})",
	somes:      " (fichiers {})",
	more:       "D’autres points ({}) figurent dans le relevé complet, que nous tenons à votre disposition.",
	nothing:    "Pour autant que le fichier permette d’en juger, aucune modification n’est nécessaire. Nous vous remercions du soin apporté à cet export.",
	enough:     "Pour le niveau 0V et pour autant que le fichier permette d’en juger, aucune modification n’est nécessaire.",
	notKnown:   "Le fichier n’a pas pu être examiné jusqu’au bout. Nous vous prions de bien vouloir nous le remettre à nouveau.",
	keep:       "Nous vous prions de conserver l’enregistrement dans votre système tant que nous n’avons pas confirmé la réception d’un nouvel export.",
	help:       "Votre installateur ou le fabricant du système peut vous aider\u00a0; nous vous suggérons de lui transmettre cette lettre.",
	limits:     "Cette lettre porte sur la seule forme du fichier. Elle ne dit rien de son contenu ni de la personne qui l’a établi.",
	closing:    "Nous vous prions d’agréer, Madame, Monsieur, l’expression de nos salutations distinguées.",
	signature:  "Nom, service, téléphone\u00a0:",
	program:    "Établi avec {}",
	dateFormat: "{} {} {}",
	thousands:  "\u00a0",
	stop:       "\u00a0",

	reasons: map[Reason]sentences{
		ReasonNotISO: {
			"Le fichier n’est pas au format MP4 exigé par la norme.",
			"Dans la fenêtre d’export, veuillez choisir «\u00a0MP4\u00a0», «\u00a0ISO\u00a0» ou «\u00a0export ONVIF\u00a0», et non AVI, un format propre au fabricant ou un lecteur intégré.",
		},
		ReasonTruncated: {
			"Le fichier s’arrête trop tôt\u00a0: il en manque une partie.",
			"Veuillez attendre la fin de l’export avant de retirer la clé ou de fermer la fenêtre, puis refaire l’export.",
		},
		ReasonMalformed: {
			"La structure du fichier contredit les règles du format MP4.",
			"Veuillez refaire l’export et, si le défaut persiste, demander une mise à jour au fabricant.",
		},
		ReasonElsewhere: {
			"Les images ne sont pas dans le fichier lui-même, mais dans un autre.",
			"Veuillez choisir l’export en un seul fichier complet.",
		},
		ReasonPlain: {"", "Veuillez choisir, si possible, l’export MP4 «\u00a0fragmenté\u00a0»\u00a0: un défaut du support ne fait alors perdre que quelques secondes."},
		ReasonNoVideo: {
			"Le fichier ne contient aucune piste vidéo.",
			"Veuillez sélectionner la vidéo de la caméra lors de l’export.",
		},
		ReasonVideoEmpty: {
			"La piste vidéo ne contient aucune image.",
			"Veuillez vérifier la période choisie, puis refaire l’export.",
		},
		ReasonVideoCoding: {
			"La vidéo est codée en {}\u00a0; la norme n’admet que H.264 et H.265.",
			"Veuillez régler la caméra ou l’export sur H.264 (AVC) ou H.265 (HEVC).",
		},
		ReasonVideoBytes: {
			"La vidéo est annoncée en {}, mais ses données ne s’y conforment pas.",
			"Veuillez désactiver tout codage «\u00a0optimisé\u00a0» ou chiffrement propre au fabricant, puis refaire l’export.",
		},
		ReasonAudioCoding: {
			"Le son est codé en {}\u00a0; la norme n’admet que G.711 loi A, G.722 et AAC-LC.",
			"Dans les réglages audio de la caméra, veuillez choisir «\u00a0G.711 A-law\u00a0» (et non «\u00a0µ-law\u00a0»), G.722 ou AAC-LC.",
		},
		ReasonNoSuep: {
			"Le fichier ne dit ni de quel système et de quelles caméras il provient, ni quand il a été exporté.",
			"Veuillez choisir «\u00a0export ONVIF\u00a0» (IEC 62676-2-32), qui ajoute ces indications, ou à défaut demander une mise à jour au fabricant.",
		},
		ReasonTwoSuep: {
			"Les indications sur l’origine de l’export figurent deux fois dans le fichier.",
			"Veuillez refaire l’export sans le retraiter avec un autre logiciel et, si le défaut persiste, demander une mise à jour au fabricant.",
		},
		ReasonSuepUnreadable: {
			"Les indications sur l’origine de l’export sont illisibles.",
			"Veuillez demander une mise à jour du logiciel d’export au fabricant.",
		},
		ReasonSources: {
			"Le fichier ne dit pas de quelle caméra ou de quel microphone provient la piste {}.",
			"Veuillez donner un nom à chaque caméra et à chaque microphone dans votre système.",
		},
		ReasonNoStart: {
			"Le fichier n’indique pas la date et l’heure absolues (UTC) du début des images.",
			"Veuillez régler l’horloge et le fuseau horaire, activer la synchronisation de l’heure (NTP) et inclure l’heure dans l’export.",
		},
		ReasonStartUnusable: {
			"La date et l’heure du début des images sont inexploitables.",
			"Veuillez régler l’horloge et le fuseau horaire du système et activer la synchronisation de l’heure (NTP).",
		},
		ReasonExportTime: {
			"La date et l’heure de l’export manquent ou sont inexploitables.",
			"Veuillez régler l’horloge de l’ordinateur ou de l’enregistreur qui réalise l’export.",
		},
		ReasonNoLocation: {
			"Le fichier n’indique pas où se trouve la caméra.",
			"Veuillez saisir la latitude et la longitude de la caméra (relevées par exemple sur une carte) dans ses réglages et les inclure dans l’export.",
		},
		ReasonLocationForm: {
			"La position de la caméra est illisible dans le fichier.",
			"Veuillez saisir de nouveau la position et, si le défaut persiste, demander une mise à jour au fabricant.",
		},
		ReasonLocationRange: {
			"La position indiquée ne peut pas être celle d’une caméra.",
			"Veuillez vérifier la latitude (de -90 à 90) et la longitude (de -180 à 180) saisies pour la caméra.",
		},
		ReasonLocationZero: {
			"La position indiquée est 0, 0\u00a0: le champ n’a sans doute jamais été rempli.",
			"Veuillez saisir la latitude et la longitude de la caméra dans ses réglages.",
		},
		ReasonAltitude: {"", "Si votre site a plusieurs niveaux ou des sous-sols, veuillez saisir aussi l’altitude de la caméra (paragraphe 5.2.5.2)."},
		ReasonPlan:     {"", "Si une position ne suffit pas à comprendre les lieux, veuillez nous remettre un plan avec les caméras (paragraphe 4.2.2)."},
		ReasonClock:    {"", "Lors de chaque export, veuillez comparer l’horloge du système à une heure de référence et noter l’écart (tableau 1)."},
		ReasonNoSeal: {
			"Le fichier tel que nous l’avons reçu ne porte aucune signature numérique.",
			"Veuillez activer «\u00a0signer l’export\u00a0» ou «\u00a0signature numérique\u00a0» ou, si l’option n’existe pas, demander au fabricant l’export signé selon IEC 62676-2-32, 9.4.",
		},
		ReasonSealBroken: {
			"La signature numérique ne correspond pas au fichier tel que nous l’avons reçu.",
			"Veuillez refaire l’export et nous remettre le fichier tel quel, sans l’ouvrir dans un logiciel de montage ni le convertir.",
		},
		ReasonSealWeak: {
			"La signature numérique utilise une clé ou un algorithme trop faible.",
			"Veuillez faire installer un certificat d’au moins RSA 2048 bits (ou P-256) avec SHA-256.",
		},
		ReasonSealUnsupported: {
			"La signature numérique utilise un procédé que nous ne savons pas vérifier.",
			"Veuillez choisir la signature RSA 2048 bits avec SHA-256, que tous les systèmes doivent savoir vérifier.",
		},
		ReasonSealForm: {
			"La signature numérique n’a pas la forme fixée par la norme.",
			"Veuillez demander au fabricant une mise à jour qui signe selon IEC 62676-2-32, 9.4.",
		},
		ReasonSealSalt: {
			"La signature numérique convient, mais l’un de ses paramètres (longueur du sel) s’écarte de la norme.",
			"Veuillez signaler ce point au fabricant\u00a0: RSA-PSS avec un sel de 20 octets.",
		},
		ReasonNoName: {
			"Le certificat de la signature ne nomme personne.",
			"Veuillez faire établir un certificat au nom de la personne ou du service qui réalise les exports.",
		},
		ReasonNoMetadata: {
			"Le fichier ne contient aucune piste de métadonnées.",
			"Veuillez activer les analyses et les événements de la caméra et cocher «\u00a0métadonnées\u00a0» dans la fenêtre d’export.",
		},
		ReasonMetadataEmpty: {
			"La piste de métadonnées est vide.",
			"Veuillez vérifier que les métadonnées sont enregistrées en continu avec la vidéo.",
		},
		ReasonMetadataEntry: {
			"Les métadonnées ne sont pas codées comme la norme l’exige (metx, schéma ONVIF).",
			"Veuillez demander au fabricant l’export des métadonnées au format ONVIF.",
		},
		ReasonMetadataCoding: {
			"Les métadonnées sont stockées en {}, que nous ne savons pas lire.",
			"Veuillez choisir des métadonnées en XML simple ou comprimé par gzip.",
		},
		ReasonMetadataBad: {
			"Une partie des métadonnées est illisible.",
			"Veuillez demander une mise à jour du logiciel d’export au fabricant.",
		},
		ReasonNoScene: {
			"Les métadonnées ne décrivent pas la scène (objets détectés).",
			"Veuillez activer l’analyse d’images de la caméra et son enregistrement.",
		},
		ReasonNoEvents: {
			"Aucun événement ne figure dans les métadonnées\u00a0; peut-être ne s’est-il rien passé.",
			"Veuillez vérifier que les événements et alarmes sont enregistrés et exportés.",
		},
		ReasonEventForm: {
			"Les événements ne portent pas d’heure UTC lisible.",
			"Veuillez demander au fabricant des événements conformes à ONVIF (UtcTime).",
		},
	},
}

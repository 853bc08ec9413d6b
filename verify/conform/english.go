package conform

// english is the letter in English.
var english = language{
	months: [...]string{"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"},
	first:  "1",

	reference:  "Our reference: {}",
	to:         "To the operator of the video surveillance system",
	unit:       "{} (name as stated in the file)",
	subject:    "Your video export: what we received and what we ask you to change",
	subjectOK:  "Your video export: nothing to change",
	salutation: "Dear Sir or Madam,",
	thanks: "Thank you for the video export that you gave us. We compared it with the standard IEC 62676-2-11, which sets the form of " +
		"video files that are handed to authorities. Level 0V is about video alone, level 0M/0E about video with its metadata and events.",
	received:   "What we received",
	file:       "{}, {} bytes. Level reached: {}.",
	footage:    "Pictures from {} to {} (UTC).",
	noFootage:  "The file gives no date and time that can be relied on.",
	levels:     map[Level]string{LevelNone: "none", Level0V: "0V", Level0ME: "0M/0E"},
	demands:    "What does not meet the standard, and what we ask you to change",
	further:    "For level 0M/0E, if your system can do it",
	advice:     "What we recommend besides",
	clause:     "Clause {}",
	clauses:    "Clauses {}",
	some:       " (file {})",
	somes:      " (files {})",
	more:       "Further points ({}) are in the full list, which we will gladly send you.",
	nothing:    "As far as the file tells, nothing needs to be changed. Thank you for the care taken with this export.",
	enough:     "For level 0V, as far as the file tells, nothing needs to be changed.",
	notKnown:   "The file could not be examined to its end. Please give it to us once more.",
	keep:       "Please keep the recording in your system until we have confirmed that a new export has arrived.",
	help:       "Your installer or the maker of the system can help; please feel free to pass this letter on.",
	limits:     "This letter is about the form of the file alone. It says nothing about its content, or about who made it.",
	closing:    "Yours faithfully,",
	signature:  "Name, service, telephone:",
	program:    "Made with {}",
	dateFormat: "{} {} {}",
	thousands:  ",",

	reasons: map[Reason]sentences{
		ReasonNotISO: {
			"The file is no MP4 file, which the standard asks for.",
			"In the export window please choose \"MP4\", \"ISO\" or \"ONVIF export\", not AVI, a format of the maker's own or a built-in player.",
		},
		ReasonTruncated: {
			"The file ends too early: a part of it is missing.",
			"Please wait for the end of the export before you take out the stick or close the window, and export again.",
		},
		ReasonMalformed: {
			"The file is built in a way that contradicts the rules of MP4.",
			"Please export again. If the fault comes back, please ask the maker for an update.",
		},
		ReasonElsewhere: {
			"The pictures are not in the file itself but in another one.",
			"Please choose the export into one complete file.",
		},
		ReasonPlain: {"", "If you can, choose the \"fragmented\" MP4 export: a fault of the medium then costs a few seconds only."},
		ReasonNoVideo: {
			"The file has no video track.",
			"Please select the camera's video when exporting.",
		},
		ReasonVideoEmpty: {
			"The video track has no picture in it.",
			"Please check the period that was chosen, and export again.",
		},
		ReasonVideoCoding: {
			"The video is coded as {}; the standard accepts H.264 and H.265 only.",
			"Please set the camera or the export to H.264 (AVC) or H.265 (HEVC).",
		},
		ReasonVideoBytes: {
			"The video is said to be {}, but its data are not.",
			"Please switch off any \"smart\" coding or encryption of the maker's own, and export again.",
		},
		ReasonAudioCoding: {
			"The sound is coded as {}; the standard accepts G.711 A-law, G.722 and AAC-LC only.",
			"In the audio settings of the camera please choose \"G.711 A-law\" (not \"µ-law\"), G.722 or AAC-LC.",
		},
		ReasonNoSuep: {
			"The file does not say which system and which cameras it comes from, nor when it was exported.",
			"Please choose \"ONVIF export\" (IEC 62676-2-32), which adds this, or ask the maker for an update.",
		},
		ReasonTwoSuep: {
			"What the file says about its origin stands in it twice.",
			"Please export again without passing the file through other software; if the fault comes back, ask the maker for an update.",
		},
		ReasonSuepUnreadable: {
			"What the file says about its origin cannot be read.",
			"Please ask the maker for an update of the export software.",
		},
		ReasonSources: {
			"The file does not say which camera or microphone track {} comes from.",
			"Please give each camera and microphone a name in your system.",
		},
		ReasonNoStart: {
			"The file does not state the absolute date and time (UTC) at which its pictures begin.",
			"Please set clock and time zone, switch on time synchronisation (NTP) and include the time in the export.",
		},
		ReasonStartUnusable: {
			"The date and time at which the pictures begin cannot be used.",
			"Please set clock and time zone of the system and switch on time synchronisation (NTP).",
		},
		ReasonExportTime: {
			"The date and time of the export are missing or cannot be used.",
			"Please set the clock of the computer or recorder that exports.",
		},
		ReasonNoLocation: {
			"The file does not say where the camera is.",
			"Please enter the camera's latitude and longitude (for instance from a map) in its settings and include them in the export.",
		},
		ReasonLocationForm: {
			"The position of the camera cannot be read in the file.",
			"Please enter the position again; if the fault comes back, ask the maker for an update.",
		},
		ReasonLocationRange: {
			"The position that is stated cannot be that of a camera.",
			"Please check the latitude (-90 to 90) and the longitude (-180 to 180) entered for the camera.",
		},
		ReasonLocationZero: {
			"The position that is stated is 0, 0: the field was probably never filled in.",
			"Please enter the camera's latitude and longitude in its settings.",
		},
		ReasonAltitude: {"", "If your site has several levels or basements, please enter the camera's altitude too (clause 5.2.5.2)."},
		ReasonPlan:     {"", "If a position is not enough to understand the place, please give us a plan with the cameras (clause 4.2.2)."},
		ReasonClock:    {"", "With each export please compare the system's clock with a reliable one and note the difference (Table 1)."},
		ReasonNoSeal: {
			"The file as we received it carries no digital signature.",
			"Please switch on \"sign export\" or \"digital signature\"; if there is no such option, ask the maker for exports signed by IEC 62676-2-32, 9.4.",
		},
		ReasonSealBroken: {
			"The digital signature does not fit the file as we received it.",
			"Please export again and hand the file over as it is, without opening it in an editor or converting it.",
		},
		ReasonSealWeak: {
			"The digital signature uses a key or an algorithm that is too weak.",
			"Please have a certificate of at least RSA 2048 bits (or P-256) with SHA-256 installed.",
		},
		ReasonSealUnsupported: {
			"The digital signature is of a kind that we cannot check.",
			"Please choose RSA 2048 bits with SHA-256, which every system has to be able to check.",
		},
		ReasonSealForm: {
			"The digital signature does not have the form that the standard sets.",
			"Please ask the maker for an update that signs by IEC 62676-2-32, 9.4.",
		},
		ReasonSealSalt: {
			"The digital signature fits, but one of its parameters (the length of the salt) departs from the standard.",
			"Please tell the maker: RSA-PSS with a salt of 20 bytes.",
		},
		ReasonNoName: {
			"The certificate of the signature names nobody.",
			"Please have a certificate made in the name of the person or service that makes the exports.",
		},
		ReasonNoMetadata: {
			"The file has no metadata track.",
			"Please switch on the camera's analytics and events, and tick \"metadata\" in the export window.",
		},
		ReasonMetadataEmpty: {
			"The metadata track is empty.",
			"Please check that metadata are recorded all the time with the video.",
		},
		ReasonMetadataEntry: {
			"The metadata are not coded as the standard asks (metx, ONVIF schema).",
			"Please ask the maker for an export of metadata in the ONVIF form.",
		},
		ReasonMetadataCoding: {
			"The metadata are stored as {}, which we cannot read.",
			"Please choose metadata as plain XML or compressed with gzip.",
		},
		ReasonMetadataBad: {
			"A part of the metadata cannot be read.",
			"Please ask the maker for an update of the export software.",
		},
		ReasonNoScene: {
			"The metadata do not describe the scene (detected objects).",
			"Please switch on the camera's video analytics and their recording.",
		},
		ReasonNoEvents: {
			"There is no event in the metadata; perhaps nothing happened.",
			"Please check that events and alarms are recorded and exported.",
		},
		ReasonEventForm: {
			"The events carry no UTC time that can be read.",
			"Please ask the maker for events by ONVIF (UtcTime).",
		},
	},
}

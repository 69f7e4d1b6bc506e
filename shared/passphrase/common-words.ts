/**
 * Passwords and words that are tried first, the most usual first: lower case, without accents, in English and French.
 */
export const commonWords: readonly string[] =
  `password motdepasse passwort passphrase 123456 qwerty azerty admin welcome bienvenue letmein iloveyou jetaime login user test secret hallway
  master monkey dragon shadow sunshine princess football baseball superman batman michael jordan jennifer jessica daniel thomas nicolas
  charlie andrew robert george hunter ranger buster soccer hockey killer pepper ginger cookie summer winter spring autumn monday friday sunday january
  october november december soleil bonjour doudou loulou chouchou marseille toulouse camille julien alexandre pierre marie sophie isabelle
  chocolat coucou nathalie france paris london canada montreal quebec toronto company entreprise bank banque office bureau work travail computer ordinateur
  internet google facebook microsoft windows apple samsung android linux ubuntu chromium slack teams skype jabber message chat default changeme
  change temp temporary guest root system server network access please hello world money love sexy angel baby lovely friend family
  flower rainbow purple orange yellow silver golden diamond crystal butterfly dolphin tiger lion eagle falcon mustang corvette ferrari porsche
  mercedes yamaha harley matrix starwars pokemon naruto minecraft fortnite zelda mario gandalf merlin phoenix ninja pirate warrior
  freedom liberty victory america england germany deutschland italia espana schatz hallo sommer winter2 geheim
  trustno1 whatever nothing forever jesus christ heaven angels blessed faith hope grace trust peace happy smile music guitar piano dance
  house maison home chien chat2 dog cat horse cheval bird oiseau fish poisson tree arbre water eau fire feu earth terre moon lune star etoile
  red rouge blue bleu green vert black noir white blanc pink rose brown gold big grand small petit new nouveau old
  the and you for are with that this have from they will one all would there their what out about who get which when make can like time
  just him know take into year your good some could them see other than then now look only come its over think also back after use two how our first
  second third well way even want because any these give day most les des est une dans pour que qui sur avec pas mon mes son ses nous vous elle
  mother father brother sister maman papa mama mom dad boy girl king queen roi reine super mega ultra power force magic team boss chef
  sesame open close enter door porte key cle lock pass word mot phrase code pin number numero name nom phone mobile mail email web site blog
  abc xyz asdf zxcv qaz wsx qwe asd zxc aaa test1 abc123 pass1 admin1 qwerty1 azerty1 password1 welcome1 p@ss`
    .split(/\s+/)
    .filter((word, index, all) => word.length >= 3 && all.indexOf(word) === index);

import englishWords from 'naughty-words/en.json' with { type: 'json' };
import chineseWords from 'naughty-words/zh.json' with { type: 'json' };

/** Of the kept list: swearing, which is no offence in a video, and words with another meaning. */
const leftOut = new Set(
  `anal,anus,apeshit,arsehole,ass,asshole,barenaked,bastard,bastardo,bastinado,bareback,barely legal,bbw,beaner,beaners,big black,big breasts,bimbos,bitch,bitches,black cock,bollocks,bondage,boner,boob,boobs,bullshit,bung hole,bust,busty,butt,buttcheeks,butthole,cialis,clover clamps,clusterfuck,cock,cocks,coon,coons,cornhole,cum,darkie,dick,dingleberry,dingleberries,dog style,domination,dp action,dvda,eat my ass,ecchi,ejaculation,erotic,erotism,escort,eunuch,fag,faggot,fecal,fingering,fuck,fuckin,fucking,fucktards,genitals,giant cock,girl on,girl on top,god damn,goodpoop,grope,g-spot,guro,hard core,hardcore,honkey,hooker,horny,hot chick,how to kill,how to murder,huge fat,incest,intercourse,jelly donut,jigaboo,juggs,kike,kinky,knobbing,lemon party,lolita,make me come,missionary position,mong,motherfucker,mr hands,negro,neonazi,nigga,nigger,nig nog,nipple,nipples,nsfw,nsfw images,nude,nudity,nutten,octopussy,paki,panties,panty,pegging,penis,piece of shit,pikey,pissing,playboy,pleasure chest,poof,poon,prince albert piercing,pubes,pussy,quim,raghead,rape,raping,rapist,rectum,sadism,santorum,scat,scissoring,semen,sex,sexo,sexy,sexual,sexually,sexuality,shemale,shibari,shit,shitblimp,shitty,shrimping,skeet,slanteye,slut,s&m,smut,snatch,snowballing,sodomy,spastic,spic,splooge,spooge,spunk,strap on,strappado,strip club,suck,sucks,suicide girls,sultry women,swastika,swinger,tainted love,taste my,tea bagging,tied up,tight white,tit,tits,titties,titty,tongue in a,topless,tosser,towelhead,tranny,tushy,twat,twink,twinkie,undressing,vagina,venus mound,viagra,vibrator,violet wand,vulva,wank,wet dream,wetback,white power,whore,wrapping men,wrinkled starfish,xx,yaoi,clit,clitoris,blonde action,brunette action,baby juice,birdlock,blue waffle,camel toe,ball gag,beaver lips,butt,hot carl,rosy palm,taste my,throating,zoophilia,figging,fuck buttons,double dong,humping,cumming,rimming,bunghole,golden shower,leather restraint,masturbate,masturbating,masturbation,orgasm,pedobear,domination,dommes,masturbat,futanari,voyeur,voyuer,goatse,alaskan pipeline,alabama hot pocket,babeland,cleveland steamer,donkey punch,dirty pillows,dendrophilia,bullet vibe,nawashi,slanteye,tub girl,one cup two girls,lovemaking,paedophile,pedophile,nambla,pthc,shota,jailbait,jail bait,beastiality,bestiality,🖕`.split(
    ',',
  ),
);

/** Of the Chinese list only what is plainly sexual: the rest of it is swearing or everyday words. */
const sexual =
  /[淫肏嫖]|口交|肛交|性[交爱器]|乳交|做爱|色情|情色|三级片|鸡[巴吧叭芭]|肉[棒缝壁]|招妓|妓女|卖淫|抽插|强奸|轮奸|肉棍|叫床|鸡奸|巨乳|乳波/u;

/** What is kept of the lists of the package naughty-words (CC BY 4.0). */
export const keptTerms = () =>
  [
    [
      'explicit' as const,
      {
        en: englishWords.filter((word) => !leftOut.has(word) && /^[a-z][a-z ]{3,}$/u.test(word)),
        zh: chineseWords.filter((word) => word.length > 1 && sexual.test(word)),
      },
    ],
  ] as const;

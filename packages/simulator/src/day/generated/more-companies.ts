import type { GicsSector } from '@catalyst/domain';
import type { Company } from './companies.ts';

/**
 * Symbols and first names of companies that do not exist; neither is on the list of the Securities
 * and Exchange Commission, a test compares them.
 */
const NAMES = `
  ACRF Ambercroft, ALBR Alderbridge, ALCR Aldercroft, ALGR Aldergrove, ALST Alderstead, ALWL Alderwold, AMBG Ambergrove, AMBR Amberbridge,
  AMBW Amberwold, AMGR Ambergarth, AMHL Amberholt, AMHV Amberhaven, AMMS Ambermoss, ASFL Ashfield, ASGT Ashgate, ASHF Ashfell,
  ASRC Ashreach, ASRD Ashridge, ASRK Ashrook, ASRL Ashrill, ASTK Alderstoke, ATHW Ashthwaite, BFLD Briarfield, BHLT Bristleholt,
  BMNS Birchminster, BRCL Brackenlathe, BRCM Brackencombe, BRCR Bristlecroft, BRDL Birchdale, BRFL Brackenfield, BRFR Briarford, BRGL Brackenglen,
  BRGR Birchgarth, BRGT Bristlegate, BRHL Brackenhale, BRIS Bristlestead, BRLG Brackenleigh, BRMN Brackenminster, BRPL Brackenpool, BRRC Birchreach,
  BRRD Birchridge, BRRF Briarfell, BRRH Briarholt, BRRL Birchrill, BRRM Briarmount, BRRS Briarshaw, BRRT Briarthwaite, BRSL Bristleleigh,
  BRSM Bristleminster, BRSS Bristleshaw, BRTH Birchthorpe, BRWR Birchworth, BSTD Briarstead, BTHW Bristlethwaite, CBCR Cobblecairn, CBDL Cobbledale,
  CBFL Cobblefield, CBWL Cobblewold, CDCM Cedarcombe, CDCR Cedarcroft, CDWR Cedarworth, CLCR Claycairn, CLFL Clayfell, CLHV Clayhaven,
  CLMN Clayminster, CLRK Clayrook, CLYF Clayfield, CLYR Clayreach, CRBR Crestbourne, CRCM Cragcombe, CRCR Crestcairn, CRFR Crestford,
  CRGC Cragcroft, CRGD Cragdale, CRGP Cragpool, CRGR Crestgarth, CRGS Cragstoke, CRHL Cresthale, CRMS Cragmoss, CRRL Cragrill,
  CRST Creststead, CRSV Crestvane, CRVN Cragvane, CRWC Crestwick, DPBR Dapplebridge, DPFL Dapplefield, DPHL Dapplehale, DPHR Dapplehurst,
  DPMN Dapplemount, DPST Dapplestead, DPTH Dapplethorpe, DSDL Duskdale, DSFL Duskfield, DSHL Duskhale, DSHR Duskhurst, DSMN Duskmount,
  DSSP Duskspire, DSST Duskstoke, DSTH Duskthorpe, ELBR Elmbourne, ELFL Elmfield, ELGL Elmglen, ELRD Elmridge, ELSH Elmshaw,
  ELTH Elmthorpe, ELWC Elmwick, ELWR Elmworth, EMFL Emberfell, EMHL Emberhale, EMHV Emberhaven, EMST Emberstead, FHRS Frosthurst,
  FLBR Fallowbridge, FLCM Flaxcombe, FLDL Flaxdale, FLFL Fallowfell, FLFR Flaxford, FLGL Fallowglen, FLGR Flaxgarth, FLHV Fallowhaven,
  FLLF Fallowford, FLMR Fallowmere, FLRD Flaxridge, FLRL Fallowrill, FLST Fallowstoke, FLWC Flaxwick, FLWR Flaxworth, FLXG Flaxgrove,
  FRCM Ferncombe, FRDL Frostdale, FRGR Frostgrove, FRHL Fernhale, FRHO Frostholt, FRHR Fernhurst, FRMN Fernmount, FRMS Fernmoss,
  FRRC Frostreach, FRRK Frostrook, FRSC Frostcombe, FRSS Froststead, FRVN Fernvane, FSTD Fernstead, FSTK Fernstoke, GRDL Garnetdale,
  GRFL Gorsefell, GRGR Gorsegrove, GRGT Gorsegate, GRHL Gorsehale, GRHV Gorsehaven, GRLG Gorseleigh, GRMR Gorsemere, GRNL Garnetleigh,
  GRRC Garnetreach, GRRD Garnetridge, GRSP Garnetspire, GRWL Garnetwold, GRWR Garnetworth, GTHR Gorsethorpe, HRFL Harrowfell, HRGR Harrowgarth,
  HRHL Harrowhale, HRRT Harrowthwaite, HRST Harrowstead, HTFL Heatherfield, HTGR Heathergarth, HTHC Heathercroft, HTHH Heatherholt, HTHL Heatherhale,
  HTHR Heatherhurst, HTLG Heatherleigh, HTST Heatherstoke, HZBR Hazelbourne, HZFL Hazelfield, HZGR Hazelgarth, HZHL Hazelholt, HZHV Hazelhaven,
  HZPL Hazelpool, HZRD Hazelridge, HZRK Hazelrook, IVCM Ivorycombe, IVCR Ivorycroft, IVFL Ivoryfield, IVLT Ivorylathe, IVMN Ivoryminster,
  IVRC Ivorycairn, IVRF Ivoryfell, IVWC Ivorywick, JGRT Junipergarth, JNBR Juniperbourne, JNGT Junipergate, JNHL Juniperhale, JNLG Juniperleigh,
  JNMR Junipermere, JNMS Junipermoss, JNPG Junipergrove, JSFR Jasperford, JSST Jasperstoke, JSWR Jasperworth, KSGL Kestrelglen, KSGR Kestrelgrove,
  KSRC Kestrelreach, LNBR Lindenbourne, LNDG Lindengrove, LNGL Lindenglen, LNLT Lindenlathe, LNMN Lindenminster, LNMR Lindenmere, LNRD Lindenridge,
  LRBR Larchbridge, LRCF Larchfell, LRCM Larchminster, LRCR Larchrook, LRFL Larchfield, LRLB Laurelbridge, LRLR Laurelreach, LRLT Larchlathe,
  LRMN Laurelmount, LRMS Larchmoss, LRRC Larchreach, LRRK Laurelrook, LRWL Laurelwold, MGRT Moorgarth, MRCR Moorcroft, MRFL Moorfield,
  MRGL Moorglen, MRGR Marlgrove, MRRC Marlreach, MRRD Marlridge, MRST Moorstead, MRWL Marlwold, MYFL Myrtlefell, MYLG Myrtleleigh,
  MYRD Myrtleridge, MYST Myrtlestead, MYWL Myrtlewold, MYWR Myrtleworth, NTBR Nettlebridge, NTFR Nettleford, NTRC Nettlereach, NTSH Nettleshaw,
  NTTH Nettlethorpe, OCCR Ochrecroft, OCGR Ochregarth, OCHL Ochrehale, OCMN Ochreminster, OCMR Ochremere, OCMS Ochremoss, OCSH Ochreshaw,
  OCST Ochrestead, OKBR Oakenbourne, OKCR Oakencairn, OKFL Oakenfell, OKLG Oakenleigh, OKST Oakenstead, OKTH Oakenthorpe, OKWC Oakenwick,
  OKWL Oakenwold, PBBS Pebblestoke, PBFL Pebblefell, PBHL Pebbleholt, PBMS Pebblemoss, PBPL Pebblepool, PBSH Pebbleshaw, PBST Pebblestead,
  PBTH Pebblethwaite, PLBR Plumbourne, PLFL Plumfield, PLFR Plumford, PLMB Plumbridge, PLSP Plumspire, PLWL Plumwold, QRGR Quarrygrove,
  QRLT Quarrylathe, QRMN Quarryminster, QRRK Quarryrook, QRSH Quarryshaw, QRTH Quarrythorpe, QRVN Quarryvane, QRWC Quarrywick, RSCR Russetcairn,
  RSDL Russetdale, RSRK Russetrook, RSSC Russetcroft, RSSH Russetshaw, RSWR Russetworth, RVCM Ravencombe, RVGR Ravengarth, RVMN Ravenminster,
  RVMS Ravenmoss, RVNM Ravenmount, RVRD Ravenridge, RVST Ravenstoke, RVTH Raventhorpe, RWHL Rowanhale, RWMN Rowanminster, RWTH Rowanthorpe,
  RWVN Rowanvane, RWWL Rowanwold, SBCR Sablecroft, SBGR Sablegarth, SBHL Sablehale, SBMN Sablemount, SDCR Sedgecroft, SDMR Sedgemere,
  SLGT Slategate, SLHR Slatehurst, SLHV Slatehaven, SLMR Slatemere, SLWC Slatewick, SPCM Sparrowcombe, SPFL Sparrowfell, SPGT Sparrowgate,
  SPHV Sparrowhaven, SPRP Sparrowpool, SPSH Sparrowshaw, THBR Thistlebridge, THCM Thistlecombe, THFL Thistlefell, THGT Thistlegate, THHL Thistlehale,
  THHV Thistlehaven, THPL Thistlepool, THRL Thistlerill, TNGL Tansyglen, TNPL Tansypool, TNRD Tansyridge, TNSP Tansyspire, TNWR Tansyworth,
  TSBR Teaselbourne, TSFL Teaselfield, TSHL Teaselhale, TSHR Teaselhurst, TSHV Teaselhaven, TSTH Teaselthwaite, TSWC Teaselwick, TSWL Teaselwold,
  UMFL Umberfell, UMGR Umbergrove, UMMN Umberminster, UMSP Umberspire, UMWC Umberwick, VLBR Velvetbourne, VLGR Velvetgarth, VLGT Velvetgate,
  VLHV Velvethaven, VLVG Velvetgrove, WCBR Wicketbourne, WCHR Wickethurst, WCKB Wicketbridge, WCMN Wicketmount, WCSH Wicketshaw, WCSP Wicketspire,
  WLBR Walnutbridge, WLFL Willowfield, WLGR Walnutgarth, WLHL Walnuthale, WLHR Walnuthurst, WLHV Walnuthaven, WLLF Willowford, WLMN Willowmount,
  WLNR Walnutrook, WLNS Walnutspire, WLRC Willowreach, WLRK Willowrook, WLSP Willowspire, WLST Walnutstead, WLTH Willowthwaite, WRBR Wrenbourne,
  WRFR Wrenford, WRHR Wrenhurst, WRMN Wrenminster, WRPL Wrenpool, WRRD Wrenridge, YRGL Yarrowglen, YRHL Yarrowhale, YRLG Yarrowleigh,
  YRLT Yarrowlathe, YRMN Yarrowmount, YRRL Yarrowrill, YRRM Yarrowminster
`;

/** What the companies of a sector are called after their first name, in turn. */
const TRADES: readonly (readonly [GicsSector, readonly string[]])[] = [
  ['Information Technology', ['Software', 'Semiconductor', 'Networks', 'Data Systems']],
  ['Health Care', ['Therapeutics', 'Medical', 'Diagnostics', 'Biosciences']],
  ['Industrials', ['Engineering', 'Freight', 'Controls', 'Aerospace']],
  ['Financials', ['Bancshares', 'Capital', 'Insurance', 'Financial']],
  ['Consumer Discretionary', ['Outfitters', 'Motors', 'Resorts', 'Homes']],
  ['Consumer Staples', ['Foods', 'Household', 'Beverages', 'Grocers']],
  ['Energy', ['Petroleum', 'Drilling', 'Pipelines', 'Fuels']],
  ['Materials', ['Metals', 'Chemicals', 'Aggregates', 'Packaging']],
  ['Communication Services', ['Media', 'Wireless', 'Streaming', 'Interactive']],
  ['Utilities', ['Power', 'Water', 'Electric', 'Gas']],
  ['Real Estate', ['Properties', 'Storage', 'Offices', 'Logistics REIT']],
];
const EXCHANGES: readonly Company['exchange'][] = [
  'NYSE',
  'NASDAQ',
  'NYSE',
  'NYSE',
  'NASDAQ',
  'NYSE',
  'AMEX',
];

/** The companies that join days of more than 120 symbols, by symbol; sectors come in turn. */
export const moreCompanies: readonly Company[] = NAMES.split(',').map((entry, index) => {
  const [symbol = '', name = ''] = entry.trim().split(' ');
  const [sector, trades] = TRADES[index % TRADES.length] as (typeof TRADES)[number];
  return {
    symbol,
    short_name: `${name} ${trades[Math.floor(index / TRADES.length) % trades.length]}`,
    exchange: EXCHANGES[index % EXCHANGES.length] ?? 'NYSE',
    sector,
  };
});

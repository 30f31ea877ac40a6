import { accountDelete } from './account/delete.ts';
import { accountExport } from './account/export.ts';
import { accountLink } from './account/link.ts';
import { accountMerge } from './account/merge.ts';
import { accountShow } from './account/show.ts';
import { accountUpdate } from './account/update.ts';
import { channelConnect } from './channel/connect.ts';
import { channelDisconnect } from './channel/disconnect.ts';
import { channelList } from './channel/list.ts';
import { modelList } from './model/list.ts';
import type { AnyOperation } from './operation.ts';
import { pictureKeep } from './picture/keep.ts';
import { planCancel } from './plan/cancel.ts';
import { planList } from './plan/list.ts';
import { planManage } from './plan/manage.ts';
import { planUpgrade } from './plan/upgrade.ts';
import { promptCheck } from './prompt/check.ts';
import { promptWrite } from './prompt/write.ts';
import { publicationCancel } from './publication/cancel.ts';
import { publicationCreate } from './publication/create.ts';
import { publicationList } from './publication/list.ts';
import { publicationShow } from './publication/show.ts';
import { publicationSuggest } from './publication/suggest.ts';
import { publicationUpdate } from './publication/update.ts';
import { quotaHistory } from './quota/history.ts';
import { quotaReceipt } from './quota/receipt.ts';
import { quotaShow } from './quota/show.ts';
import { serverFund } from './server/fund.ts';
import { serverShow } from './server/show.ts';
import { serverUpdate } from './server/update.ts';
import { statsShow } from './stats/show.ts';
import { tokenCreate } from './token/create.ts';
import { tokenList } from './token/list.ts';
import { tokenRevoke } from './token/revoke.ts';
import { trendList } from './trend/list.ts';
import { trendSave } from './trend/save.ts';
import { trendSearch } from './trend/search.ts';
import { trendShow } from './trend/show.ts';
import { videoCancel } from './video/cancel.ts';
import { videoDelete } from './video/delete.ts';
import { videoGenerate } from './video/generate.ts';
import { videoList } from './video/list.ts';
import { videoQuote } from './video/quote.ts';
import { videoRetry } from './video/retry.ts';
import { videoShare } from './video/share.ts';
import { videoShow } from './video/show.ts';
import { watchCreate } from './watch/create.ts';
import { watchDelete } from './watch/delete.ts';
import { watchList } from './watch/list.ts';

/** Everything Jilo can be asked to do. A line here puts it on every surface. */
export const operations: readonly AnyOperation[] = [
  trendSearch,
  trendShow,
  trendSave,
  trendList,
  watchCreate,
  watchList,
  watchDelete,
  promptWrite,
  promptCheck,
  modelList,
  videoQuote,
  videoGenerate,
  videoShow,
  videoList,
  videoCancel,
  videoRetry,
  videoDelete,
  videoShare,
  channelConnect,
  channelList,
  channelDisconnect,
  publicationSuggest,
  pictureKeep,
  publicationCreate,
  publicationShow,
  publicationList,
  statsShow,
  publicationUpdate,
  publicationCancel,
  quotaShow,
  quotaHistory,
  quotaReceipt,
  planList,
  planUpgrade,
  planManage,
  planCancel,
  accountShow,
  accountUpdate,
  accountMerge,
  accountLink,
  accountExport,
  accountDelete,
  tokenCreate,
  tokenList,
  tokenRevoke,
  serverShow,
  serverUpdate,
  serverFund,
];

import { Button, Text, toast } from "@medusajs/ui";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useUnits } from "../../hooks/use-units";
import { download } from "../../lib/download";

/** A file that can be downloaded. */
export interface OfferedFile {
  label: string;
  path: string;
  query?: Record<string, string>;
  /** Whether it is SEQR's document, and not one that the plugin makes. */
  isOriginal?: boolean;
}

/** Buttons that download files. While one comes, its button says so, and how much of it has come. */
export const FileButtons = ({ files }: { files: OfferedFile[] }) => {
  const { t } = useTranslation("seqr");
  const { size } = useUnits();
  const [coming, setComing] = useState<{ label: string; bytes: number }>();
  const save = async ({ label, path, query }: OfferedFile): Promise<void> => {
    setComing({ label, bytes: 0 });
    try {
      await download(path, query, (bytes) => setComing({ label, bytes }));
    } catch (error) {
      toast.error((error as Error).message);
    } finally {
      setComing(undefined);
    }
  };
  return (
    <>
      {files.map((file) => (
        <Button
          key={file.label}
          variant={file.isOriginal ? "transparent" : "secondary"}
          size="small"
          isLoading={coming?.label === file.label}
          disabled={coming !== undefined}
          onClick={() => void save(file)}
        >
          {file.label}
        </Button>
      ))}
      <Text size="small" className="text-ui-fg-subtle self-center" role="status">
        {coming && t("books.files.coming", { label: coming.label, size: size(coming.bytes) })}
      </Text>
    </>
  );
};

const FILES = [
  { name: "overviewCsv", query: { content: "overview", format: "csv" } },
  { name: "itemsCsv", query: { content: "items", format: "csv" } },
  { name: "itemsJson", query: { content: "items", format: "json" } },
  { name: "sie", query: { format: "sie" } },
] as const;

/** The files of the books, of one period or of the periods of some days. */
export function useBooksFiles(of: { period_id: string } | { from: string; to: string }): OfferedFile[] {
  const { t } = useTranslation("seqr");
  return FILES.map(({ name, query }) => ({
    label: t(`books.files.${name}`),
    path: "/admin/seqr/books/export",
    query: { ...query, ...of },
  }));
}
